/** The smallest event source: listeners that can be taken away again, in the shape of VS Code's `Disposable`. */
interface Subscription {
  dispose(): void;
}

export class Emitter<T> {
  private readonly listeners = new Set<(value: T) => void>();

  /** Calls `listener` for every value from now on, until the subscription is disposed. */
  readonly on = (listener: (value: T) => void): Subscription => {
    const own = (value: T): void => {
      listener(value);
    };
    this.listeners.add(own);
    return { dispose: () => this.listeners.delete(own) };
  };

  emit(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }

  clear(): void {
    this.listeners.clear();
  }
}
