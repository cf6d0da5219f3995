/** Cython as Python: what it says about types of C is blanked or replaced in place; all offsets stay what they were. */
import { blanked } from '../text.js';

const TYPE = String.raw`(?:(?:const|unsigned|signed|struct|volatile|readonly|public)[ \t]+)*[\w.]+(?:\[[^\]\n]*\])?(?:[ \t]+(?:int|long|char|double))*[ \t]*(?:\*+[ \t]*|&[ \t]*|[ \t])`;
/** `cdef class Store:`, `cdef extern from "a.h" nogil:`, `cdef struct pair:` */
const CLASS =
  /^([ \t]*)((?:cdef|cpdef|ctypedef)[ \t]+(?:(?:public|api|packed|external)[ \t]+)*(?:class|struct|union|enum|cppclass))([ \t]+\w+\b(?:\([^()\n]*\))?)([^:\n]*)(?=:)/gm;
const EXTERN =
  /^([ \t]*)(cdef[ \t]+(?:public[ \t]+)?extern[ \t]+from)([^:\n]{0,300}?)((?:[ \t]+(?:nogil|noexcept|namespace[ \t]+\S+))*[ \t]*):/gm;
/** A function with types: `cdef inline int length(char* s) except -1 nogil:`; methods of Python need not have any. */
const FUNCTION = new RegExp(
  String.raw`^([ \t]*)((?:cdef|cpdef)[ \t]+(?:(?:inline|public|api|static|virtual)[ \t]+)*(?:${TYPE})?|def[ \t]+)(\w+[ \t]*)` +
    String.raw`\(((?:[^()]|\([^()]*\)){0,3000})\)([^:\n]*):`,
  'gm',
);
const PARAMETER = new RegExp(
  String.raw`((?:^|,)\s*)(${TYPE})(?=\w+[ \t]*(?:not[ \t]+None|or[ \t]+None|[=,]|\s*$))`,
  'g',
);
const NOT_NONE = /\b(?:not|or)[ \t]+None\b/g;
/** `cdef int a = 1, b`: the names are left. */
const VARIABLE = new RegExp(
  String.raw`^([ \t]*)(cdef[ \t]+(?:(?:public|readonly|api)[ \t]+)*${TYPE})(?=\w+[ \t]*(?:[=,#]|$))`,
  'gm',
);
const GROUP = /^([ \t]*)cdef(?=[ \t]*:)/gm;
// Before what is looked back for, what is looked for: else the blanks before each blank are read.
const CAST =
  /(?=<)(?<=[=(,[:+*/-][ \t]*|\breturn[ \t]+|\band[ \t]+|\bor[ \t]+|\bin[ \t]+|\bnot[ \t]+)<[ \t]*(?:unsigned[ \t]+)?[\w.]+(?:\[[^\]\n]*\])?[ \t]*(?:\*+\??[ \t]*|\?[ \t]*)?>(?=[ \t]*[\w(<&"'])/g;
const ADDRESS = /(?=&)(?<=[=(,[][ \t]*)&(?=\w)/g;

/** Python of which Cython's declarations have become what they declare. */
export function plainPython(text: string): string {
  return text
    .replace(CLASS, (_, before: string, kind: string, name: string, layout: string) => {
      return `${before}${'class'.padEnd(kind.length)}${name}${blanked(layout)}`;
    })
    .replace(EXTERN, (_, before: string, from: string, header: string, how: string) => {
      return `${before}${'with'.padEnd(from.length)}${header.replace('*', '_')}${blanked(how)}:`;
    })
    .replace(FUNCTION, (_, before: string, declared: string, name: string, parameters: string, how: string) => {
      const result = /^\s*->/.test(how) ? how : blanked(how);
      return `${before}${'def'.padEnd(declared.length)}${name}(${plainParameters(parameters)})${result}:`;
    })
    .replace(VARIABLE, (_, before: string, type: string) => before + blanked(type))
    .replace(GROUP, (_, before: string) => `${before}if 1`)
    .replace(/\bcimport\b/g, ' import')
    .replace(CAST, blanked)
    .replace(ADDRESS, ' ');
}

function plainParameters(parameters: string): string {
  return parameters
    .replace(PARAMETER, (_, before: string, type: string) => before + blanked(type))
    .replace(NOT_NONE, blanked);
}
