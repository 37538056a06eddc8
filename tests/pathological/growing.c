/*
 * growing.c - schemas that grow together with the documents that use them: what a document gives
 * must not be compared with all that the schema declares.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/pathological/documents.h"

const struct growing hostile_growing[] = {
    { "fields of an input object, in a document", "type Query{f(a:I):Int}input I{<n:f%:Int >}",
      "{f(a:{<n:f%:1 >})}", "" },
    { "fields of an input object that are not known", "type Query{f(a:I):Int}input I{x:Int}",
      "{f(a:{<n:f%:1 >})}", "" },
    { "fields of an input object that the document leaves out",
      "type Query{f(a:I):Int}input I{<n:f%:Int >}", "{f(a:{})}", "" },
    { "fields of an input object, in a default",
      "type Query{f(a:I={<n:f%:1 >}):Int}input I{<n:f%:Int >}", "{f}", "" },
    { "fields of an input object, in a variable", "type Query{f(a:I):Int}input I{<n:f%:Int >}",
      "query($v:I){f(a:$v)}", "{\"v\":{<n:\"f%\":1,>\"f0x\":1}}" },
    { "fields of an input object, each from a variable",
      "type Query{f(a:I):Int}input I{<n:f%:Int >}", "query(<n:$v%:Int >){f(a:{<n:f%:$v% >})}",
      "{<n:\"v%\":1,>\"x\":1}" },
    { "variables", "type Query{f(a:Int):Int}", "query(<n:$v%:Int >){<n:a%:f(a:$v%) >}",
      "{<n:\"v%\":1,>\"x\":1}" },
    { "unknown types, like those that are there",
      "type Query{q:Int <n:f%:Unknow% >}<n:scalar Unknown% >", "{q}", "" },
    { "extensions of unknown types", "type Query{q:Int}<n:extend scalar Unknow%@a >", "{q}", "" },
    { "a field of an interface's types",
      "type Query{a:A}interface A{a:Int}<n:type T% implements A{a:Int b:Int}>", "{a{b}}", "" },
    { "a field of many interfaces",
      "type Query{u:U}union U=T type T implements I<n:&I%>{a:Int}"
      "interface I{a:Int}<n:interface I%{a:Int}>",
      "{u{a}}", "" },
    { "fields with names like one that is not there", "type Query{<n:field%:Int >}", "{fild}", "" },
    { "values of an enum like one that is not there", "type Query{f(a:E):Int}enum E{<n:VALUE% >}",
      "{f(a:VALU)}", "" },
    { "redefined directives", "directive@skip(if:Boolean <n:a%:Int >)on FIELD type Query{f:Int}",
      "{f@skip(if:true)}", "" },
    { "arguments of a field", "type Query{f(<n:a%:Int >):Int}", "{f(<n:a%:1 >)}", "" },
    { "required arguments of a field", "type Query{f(<n:a%:Int! >):Int}", "{f(<n:a%:1 >)}", "" },
    { "arguments of a directive", "directive@d(<n:a%:Int! >)on FIELD type Query{f:Int}",
      "{f@d(<n:a%:1 >)}", "" },
    { "arguments of an interface's field",
      "type Query implements I{f(<n:a%:Int >):Int}"
      "interface I{f(<n:a%:Int >):Int}",
      "{f}", "" },
    { "arguments that are not known", "type Query{f(x:Int):Int}", "{f(<n:a%:1 >)}", "" },
    { "values of an enum, in a list", "type Query{f(a:[E]):Int}enum E{<n:V% >}", "{f(a:[<n:V% >])}",
      "" },
    { "conditions, each of a variable", "type Query{a:Int}",
      "query(<n:$v%:Boolean >){<n:a@skip(if:$v%) >}", "{<n:\"v%\":true,>\"x\":1}" },
    { "input objects with a field that is not known", "type Query{f(a:I):Int}input I{a:[I]}",
      "{f(a:{a:[<n:{x:1} >]})}", "" },
    { "defaults that need others",
      "type Query{f(a:I0={}):Int}<n:input I%{a:Int=1 b:I={}}>"
      "input I{x:Int=1}",
      "{f}", "" },
    { "extensions of a type", "type Query{a:Int}<n:extend type Query{b%:Int}>", "{a}", "" },
};
const int growing_count = ARRAY_LENGTH(hostile_growing);
