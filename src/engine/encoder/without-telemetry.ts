/**
 * Imported before ONNX Runtime. Since version 1.29 that keeps an identifier of the machine and events about models and runs in the user's cache
 * directory, and sends them to Microsoft, unless this is set. On Windows, where the system collects its events, there is no such switch.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
