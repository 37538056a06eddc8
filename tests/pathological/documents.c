/*
 * documents.c - documents that are small and would cost much: what has been published against
 * servers of GraphQL, and what our own stages could be slow at.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/pathological/documents.h"

#define INVALID  "GRAPHQL_VALIDATION_FAILED"
#define NO_PARSE "GRAPHQL_PARSE_FAILED"

const struct boundary hostile_boundaries[] = {
    /* What the parser recurses for, and what validation recurses for after it. */
    { "selections", "nesting", 1, "<n:{a>{a<n:}>}", "depth" },
    { "inline fragments", "nesting", 1, "<n:{...>{__typename<n:}>}", "valid" },
    { "inline fragments on a type", "nesting", 1, "<n:{... on Query>{__typename<n:}>}", "valid" },
    { "lists", "nesting", 1, "{links(search:<n:[><n:]>){id}}", INVALID },
    { "lists, never closed", "nesting", 1, "{links(search:<n:[>", NO_PARSE },
    { "objects", "nesting", 2, "{links(search:<n:{o:>{}<n:}>){id}}", INVALID },
    { "lists of objects", "nesting", 3, "{links(search:[{o:<n:[>1<n:]>}]){id}}", INVALID },
    { "types", "nesting", 0, "query($v:<n:[>Int<n:]>){__typename}", INVALID },
    { "defaults", "nesting", 0, "query($v:Int=<n:[><n:]>){__typename}", INVALID },
    { "arguments of directives", "nesting", 1, "{a@skip(if:<n:[>true<n:]>)}", INVALID },
    { "types of definitions", "nesting", 0, "type T{a:<n:[>Int<n:]>}", INVALID },
    { "fields", "depth", 1, "{<n:a{>a<n:}>}", INVALID },
    { "names", "tokens", 3, "{__typename<n: __typename>}", "valid" },
    { "aliases", "aliases", 0, "{link(id:1){id<n: a%:id>}}", "valid" },
    { "aliases in a fragment", "aliases", 1,
      "{a:__typename link(id:1){...F}}"
      "fragment F on Link{id<n: a%:id>}",
      "valid" },
    { "root fields", "root_fields", 1, "{__typename<n: a%:__typename>}", "valid" },
    { "root fields in fragments", "root_fields", 1,
      "{__typename ...F}"
      "fragment F on Query{...{<n: a%:__typename>}}",
      "valid" },
    { "root fields of a mutation", "mutation_fields", 1, "mutation{__typename<n: a%:__typename>}",
      "valid" },
    { "directives", "directives", 0, "{__typename<n: @skip(if:false)>}", INVALID },
    { "directives on many", "directives", 0, "{<n:__typename@skip(if:false) >}", "valid" },
    { "fields within fragments", "fields", 4950,
      "{<99:...F ><n:__typename >}fragment F on Query{<50:__typename >}", "valid" },
};
const int boundary_count = ARRAY_LENGTH(hostile_boundaries);

const struct refusal hostile_refusals[] = {
    /* A message that repeats a long name a hundred times is cut before it is made. */
    { { "variables that are not defined, in an operation with a long name", JUDGE_CONTRACT, INVALID,
        "query <*:n>{<99:links(first:$v%){id}>}" },
      1500000 },
};
const int refusal_count = ARRAY_LENGTH(hostile_refusals);

const struct hostile hostile_documents[] = {
    /* --- the lexer --- */
    { "a comment", JUDGE_CONTRACT, NO_PARSE, "#<*:x>" },
    { "comments", JUDGE_CONTRACT, "valid", "<*:#\n>{__typename}" },
    { "commas", JUDGE_CONTRACT, "valid", "{__typename<*:,>}" },
    { "byte order marks", JUDGE_CONTRACT, "valid", "{__typename<*:\xef\xbb\xbf>}" },
    { "lines", JUDGE_CONTRACT, INVALID, "{<*:\n>a}" },
    { "ends of lines of all kinds", JUDGE_CONTRACT, INVALID, "{<*:\r\n\r>a}" },
    { "a name", JUDGE_CONTRACT, INVALID, "{<*:a>}" },
    { "a number", JUDGE_CONTRACT, INVALID, "{links(first:<*:9>){id}}" },
    { "a number's fraction", JUDGE_CONTRACT, INVALID, "{links(first:1.<*:0>e1){id}}" },
    { "a number's exponent", JUDGE_CONTRACT, INVALID, "{links(first:1e<*:9>){id}}" },
    { "a string", JUDGE_CONTRACT, "valid", "{links(search:\"<*:x>\"){id}}" },
    { "a string that does not end", JUDGE_CONTRACT, NO_PARSE, "{links(search:\"<*:x>" },
    { "escapes", JUDGE_CONTRACT, "valid", "{links(search:\"<*:\\n>\"){id}}" },
    { "escapes of four digits", JUDGE_CONTRACT, "valid", "{links(search:\"<*:\\u00e9>\"){id}}" },
    { "escapes in braces", JUDGE_CONTRACT, "valid", "{links(search:\"<*:\\u{10FFFF}>\"){id}}" },
    { "an escape of zeroes", JUDGE_CONTRACT, NO_PARSE, "{links(search:\"\\u{<*:0>41}\"){id}}" },
    { "pairs of surrogates", JUDGE_CONTRACT, "valid",
      "{links(search:\"<*:\\uD83D\\uDE00>\"){id}}" },
    { "strings", JUDGE_CONTRACT, "tokens", "{links(search:[<*:\"\" >]){id}}" },
    { "a block string of lines", JUDGE_CONTRACT, "valid",
      "{links(search:\"\"\"<*:\n>\"\"\"){id}}" },
    { "a block string of indented lines", JUDGE_CONTRACT, "valid",
      "{links(search:\"\"\"<*:\n x>\"\"\"){id}}" },
    { "a block string of deeper and deeper lines", JUDGE_CONTRACT, "valid",
      "{links(search:\"\"\"<*:\n<200: >x>\"\"\"){id}}" },
    { "a block string of spaces", JUDGE_CONTRACT, "valid",
      "{links(search:\"\"\"<*: >\"\"\"){id}}" },
    { "a block string of escaped quotes", JUDGE_CONTRACT, "valid",
      "{links(search:\"\"\"<*:\\\"\"\">\"\"\"){id}}" },
    { "a block string of quotes", JUDGE_CONTRACT, "valid",
      "{links(search:\"\"\"<*:x\"\">x\"\"\"){id}}" },
    { "block strings", JUDGE_CONTRACT, INVALID,
      "{links(search:[<300:\"\"\"\n  a\n b\n\"\"\">]){id}}" },
    { "a description", JUDGE_CONTRACT, "valid", "\"\"\"<*:\n x>\"\"\"query Q{__typename}" },
    { "bytes that are not UTF-8", JUDGE_CONTRACT, NO_PARSE, "{<*:a>\xff}" },
    { "characters of four bytes", JUDGE_CONTRACT, "valid",
      "{links(search:\"<*:\xf0\x9f\x98\x80>\"){id}}" },

    /* --- floods --- */
    { "names", JUDGE_CONTRACT, "tokens", "{<*:a >}" },
    { "punctuators", JUDGE_CONTRACT, NO_PARSE, "<*:!>" },
    { "braces", JUDGE_CONTRACT, NO_PARSE, "<*:{>" },
    { "one field", JUDGE_CONTRACT, "valid", "{<1900:__typename >}" },
    { "one field with selections", JUDGE_CONTRACT, "valid", "{<390:links{id}>}" },
    { "aliases", JUDGE_CONTRACT, "aliases", "{<200:a%:links{id}>}" },
    { "aliases in one object", JUDGE_CONTRACT, "aliases", "{link(id:1){<600:a%:id >}}" },
    { "unknown directives", JUDGE_CONTRACT, "directives", "{__typename<*: @aa>}" },
    { "directives that are repeated", JUDGE_CONTRACT, "directives",
      "{__typename<*: @skip(if:false)>}" },
    { "directives that may be repeated", JUDGE_RICH, "directives", "{stone{grid<*: @onField>}}" },
    { "directives with unknown arguments", JUDGE_RICH, "directives",
      "{stone{grid<*: @onField(a%:1)>}}" },
    { "operations", JUDGE_CONTRACT, "tokens", "<*:query Q%{__typename}>" },
    { "operations, as many as there may be", JUDGE_CONTRACT, "valid",
      "<390:query Q%{__typename}>" },
    { "operations of one name", JUDGE_CONTRACT, INVALID, "<390:query Q{__typename}>" },
    { "operations without a name", JUDGE_CONTRACT, "tokens", "<*:{a}>" },
    { "operations without a name, as many as there may be", JUDGE_CONTRACT, INVALID, "<660:{a}>" },
    { "definitions of types", JUDGE_CONTRACT, "tokens", "<*:type T{a:A}>" },
    { "extensions", JUDGE_CONTRACT, "directives", "<*:extend scalar T@a >" },

    /* --- errors, and what they suggest --- */
    { "unknown fields", JUDGE_CONTRACT, INVALID, "{link(id:1){<1900:a% >}}" },
    { "fields that are nearly there", JUDGE_CONTRACT, INVALID, "{link(id:1){<1900:votes% >}}" },
    { "long unknown fields", JUDGE_CONTRACT, INVALID, "{link(id:1){<*:<300:x> >}}" },
    { "fields of an interface's objects", JUDGE_RICH, INVALID,
      "{node(id:1){<600:lives% weigh% barks >}}" },
    { "arguments that are nearly there", JUDGE_CONTRACT, INVALID, "{links(<480:firs%:1 >){id}}" },
    { "arguments of one name", JUDGE_CONTRACT, INVALID, "{links(<480:first:1 >){id}}" },
    { "types that are nearly there", JUDGE_CONTRACT, INVALID, "{link(id:1){<300:...on Lin%{a}>}}" },
    { "unknown fragments", JUDGE_CONTRACT, INVALID, "{<900:...F% >}" },
    { "orders that are nearly there", JUDGE_CONTRACT, INVALID,
      "{links(orderBy:[<390:{ur%:ASC}>]){id}}" },
    { "values of an enum that are nearly there", JUDGE_CONTRACT, INVALID,
      "{links(orderBy:[<390:{url:AS%}>]){id}}" },
    { "values that are wrong", JUDGE_CONTRACT, INVALID, "{links(first:[<1900:\"\">]){id}}" },
    { "a long list of an input object", JUDGE_CONTRACT, "valid",
      "{links(orderBy:[<390:{url:ASC}>]){id}}" },
    { "an input object of many fields", JUDGE_CONTRACT, INVALID,
      "{links(orderBy:{<600:url:ASC >}){id}}" },
    { "an input object within itself", JUDGE_RICH, "valid",
      "{pets(filter:<60:{within:>{}<60:}>){__typename}}" },
    { "lists within lists that are too deep", JUDGE_RICH, INVALID,
      "{anything(list:<60:[>1<60:]>){__typename}}" },
    { "any value, nested", JUDGE_RICH, "valid", "{anything(any:<30:[{a:>1<30:}]>){__typename}}" },
    { "a list of 10,000 values", JUDGE_CONTRACT, "tokens", "{links(search:[<10000:1 >]){id}}" },

    /* --- fragments --- */
    { "a fan of 2^30", JUDGE_CONTRACT, "fields",
      "{...F0}<30:fragment F% on Query{...F%+ ...F%+}>fragment F30 on Query{__typename}" },
    { "a fan of 10^30", JUDGE_CONTRACT, "fields",
      "{...F0}<30:fragment F% on Query{<10:...F%^+ >}>fragment F30 on Query{__typename}" },
    { "a fan of 2^30 in depth", JUDGE_RICH, "depth",
      "{person(flag:true){...F0}}<30:fragment F% on Person{mate{...F%+}mate{...F%+}}>"
      "fragment F30 on Person{id}" },
    { "a fan of 2^18 with conflicts", JUDGE_RICH, "aliases",
      "{person(flag:true){...F0}}<18:fragment F% on Person{mate{...F%+ id}mate{...F%+ id:age}}>"
      "fragment F18 on Person{id}" },
    { "a fan of 2^8 with conflicts", JUDGE_RICH, INVALID,
      "{person(flag:true){...F0}}<8:fragment F% on Person{mate{...F%+}mate{...F%+}}>"
      "fragment F8 on Person{name name(surname:true)}" },
    { "a cycle of 200", JUDGE_CONTRACT, INVALID,
      "{...F0}<200:fragment F% on Query{...F%+}>fragment F200 on Query{...F0}" },
    { "a cycle of 1,000", JUDGE_CONTRACT, "document tokens",
      "{...F0}<1000:fragment F% on Query{...F%+}>fragment F1000 on Query{...F0}" },
    { "a cycle through fields", JUDGE_RICH, "depth",
      "{person(flag:true){...F0}}<100:fragment F% on Person{mate{...F%+}}>"
      "fragment F100 on Person{...F0}" },
    { "a short cycle through fields", JUDGE_RICH, INVALID,
      "{person(flag:true){...F0}}<9:fragment F% on Person{mate{...F%+}}>"
      "fragment F9 on Person{...F0}" },
    { "many cycles of one", JUDGE_CONTRACT, "tokens", "{...F0}<*:fragment F% on Query{...F%}>" },
    { "many cycles of one, as many as there may be", JUDGE_CONTRACT, INVALID,
      "{...F0}<240:fragment F% on Query{...F%}>" },
    { "all within all", JUDGE_CONTRACT, INVALID, "{...F0}<25:fragment F% on Query{<25:...F% >}>" },
    { "all within all, conflicting", JUDGE_RICH, "aliases",
      "{person(flag:true){...F0}}<20:fragment F% on Person{x%:id x%:age<20: ...F%>}>" },
    { "fragments that nobody spreads", JUDGE_CONTRACT, "tokens",
      "{__typename}<*:fragment F% on Query{__typename}>" },
    { "fragments that nobody spreads, as many as there may be", JUDGE_CONTRACT, INVALID,
      "{__typename}<280:fragment F% on Query{__typename}>" },
    { "fragments of one name", JUDGE_CONTRACT, "tokens",
      "{...F}<*:fragment F on Query{__typename}>" },
    { "fragments of one name, as many as there may be", JUDGE_CONTRACT, INVALID,
      "{...F}<280:fragment F on Query{__typename}>" },
    { "spreads of one fragment", JUDGE_CONTRACT, "valid",
      "{<900:...F >}fragment F on Query{__typename}" },
    { "operations that share fragments", JUDGE_CONTRACT, "valid",
      "<100:query Q%{...F0}><60:fragment F% on Query{...F%+}>fragment F60 on Query{__typename}" },

    /* --- fields that overlap --- */
    { "one field, thousands of times", JUDGE_RICH, "tokens", "{person(flag:true){<*:id >}}" },
    { "one field, and a last one that differs", JUDGE_RICH, INVALID,
      "{person(flag:true){<900:id >id:age}}" },
    { "one field, and some of them differ", JUDGE_RICH, INVALID,
      "{person(flag:true){<30:<60:id >id:age >}}" },
    { "one field, and half of them differ", JUDGE_RICH, "aliases tokens",
      "{person(flag:true){<*:x:id x:age >}}" },
    { "inline fragments of many fields", JUDGE_RICH, "valid",
      "{person(flag:true){<19:...{<95:id >}>}}" },
    { "inline fragments of a hundred fields each", JUDGE_RICH, "aliases tokens",
      "{person(flag:true){<*:...{<100:x:id >}>}}" },
    { "inline fragments of conflicting fields", JUDGE_RICH, "aliases tokens",
      "{person(flag:true){<*:...on Person{x:id y:age x:age}>}}" },
    { "inline fragments on types that exclude each other", JUDGE_RICH, INVALID,
      "{node(id:1){<140:...on Dog{age}...on Person{age}>}}" },
    { "many such within each other", JUDGE_RICH, "aliases tokens",
      "{node(id:1){<*:...on Dog{x:owner{y:age}}...on Cat{x:owner{y:id}}>}}" },
    { "fields within each other of one name", JUDGE_RICH, "valid",
      "{person(flag:true){<11:mate{id mate{>id<11:}id}>}}" },
    { "fields within each other, deeply", JUDGE_RICH, "depth",
      "{person(flag:true){<60:mate{id mate{id}>id<60:}>}}" },
    { "fields within each other that conflict", JUDGE_RICH, INVALID,
      "{person(flag:true){<10:mate{id mate{id:age}mate{>id<10:}}>}}" },
    /* What a search (search.c) has found. */
    { "an object's fields after those of another", JUDGE_RICH, "tokens",
      "{being{id}}fragment F on Being{...on Person{<*:id >}...on Cat{<4000:id >}}" },
    { "fields within themselves, by a fragment", JUDGE_RICH, "tokens",
      "{being{id}}fragment F on Person{<*:id ><9:x%:mate{...F y:mate{...F z:mate{...F}}}>}" },
    { "spreads within themselves, by a fragment", JUDGE_RICH, "tokens",
      "{person(flag:true){...F}}fragment F on Person{<*:...F ><60:x%:mate{...F y:mate{...F}}>}" },
    { "conflicts with a hundred places each", JUDGE_RICH, INVALID,
      "{being{<100:friends{<4:name >... on Person{name(surname:true)}}>}}" },
    { "a conflict at the end of a chain of fragments", JUDGE_RICH, INVALID,
      "{x:stone{grid}...F0}<230:fragment F% on Query{...F%+}>fragment F230 on Query{x:being{id}}" },
    { "a conflict at the end of a chain of a thousand fragments", JUDGE_RICH, "tokens",
      "{node(id:1){...on Cat{x:id ...F0}}}<1010:fragment F% on Cat{...F%+}>"
      "fragment F1010 on Cat{x:lives}" },
    { "a conflict at the end of two chains of fragments", JUDGE_RICH, INVALID,
      "{...F0 ...G0}<110:fragment F% on Query{...F%+}>fragment F110 on Query{x:being{id}}"
      "<110:fragment G% on Query{...G%+}>fragment G110 on Query{x:stone{grid}}" },
    { "arguments that are compared", JUDGE_RICH, "valid",
      "{<100:pets(filter:{names:[<3:\"a\">]}){__typename}>}" },
    { "large arguments that are compared", JUDGE_RICH, "valid",
      "{<4:pets(filter:{names:[<450:\"a\">]}){__typename}>}" },
    { "arguments in another order", JUDGE_RICH, INVALID,
      "{person(flag:true){<60:friends(first:1,filter:{}){id}friends(filter:{},first:%){id}>}}" },

    /* --- variables --- */
    { "variables", JUDGE_CONTRACT, INVALID, "query(<490:$v%:Int >){__typename}" },
    { "variables of one name", JUDGE_CONTRACT, INVALID,
      "query(<390:$v:Int >){links(first:$v){id}}" },
    { "variables that are not defined", JUDGE_CONTRACT, INVALID, "{<190:links(first:$v%){id}>}" },
    { "variables of unknown types", JUDGE_CONTRACT, INVALID, "query(<490:$v%:Lin% >){__typename}" },
    { "a default of many values", JUDGE_RICH, INVALID, "query($v:[Int]=[<1900:1 >]){__typename}" },
    { "a default of many objects", JUDGE_CONTRACT, "valid",
      "query($v:[LinkOrder!]=[<390:{url:ASC}>]){links(orderBy:$v){id}}" },
    { "operations that use the variables of one fragment", JUDGE_CONTRACT, INVALID,
      "<60:query Q%($v:Int){...F}>fragment F on Query{<80:links(first:$v,skip:$w){id}>}" },
    { "variables in a list", JUDGE_RICH, "BAD_USER_INPUT",
      "query($v:String!){pets(filter:{names:[<900:$v >]}){__typename}}" },
    { "variables in variables", JUDGE_CONTRACT, NO_PARSE,
      "query($v:[Int]=[<900:$v >]){__typename}" },

    /* --- the schema --- */
    { "the schema in a circle", JUDGE_CONTRACT, "introspection_lists",
      "{__schema{types{<9:fields{type{>name<9:}}>}}}" },
    { "all that one may ask of the schema", JUDGE_CONTRACT, "valid response",
      "{__schema{types{name fields{name description type{name fields{name description args{name"
      " description type{name ofType{name ofType{name ofType{name}}}}}}}}}}}" },
    { "all that one may ask of the schema, many times", JUDGE_CONTRACT, "valid response",
      "{<20:a%:__schema{types{name description fields{name description type{name description"
      " fields{name description args{name description type{name description ofType{name"
      " description}}}}}}}}>}" },
    { "the schema, by aliases within", JUDGE_CONTRACT, "valid response",
      "{__schema{<5:a%:types{<5:a%^%:fields{type{fields{name description "
      "type{description}}}}>}>}}" },
    { "types by name", JUDGE_CONTRACT, "valid", "{<20:a%:__type(name:\"<900:x>\"){name}>}" },

    /* --- plans --- */
    { "many fields of a row", JUDGE_CONTRACT, "valid",
      "{link(id:1){<30:a%:url >postedBy{<400:username id >}}}" },
    { "lists within lists", JUDGE_CONTRACT, "valid",
      "{<20:links(first:1){<1:votes(first:1){user{linkSet(first:1){votes(first:1){id}}}}>}>}" },
    { "fields within fragments, as many as may be", JUDGE_CONTRACT, "valid",
      "{<49:...F >}fragment F on Query{<100:__typename >}" },
    { "rows within fragments, as many as may be", JUDGE_CONTRACT, "valid",
      "{<49:...F >}fragment F on Query{link(id:1){<98:id >}}" },
    { "rows within rows, as many as may be", JUDGE_CONTRACT, "valid nodes",
      "{users(first:1){...A}}fragment A on User{<16:linkSet(first:1){...B}>}"
      "fragment B on Link{<16:votes(first:1){...C}>}fragment C on Vote{<16:id >}" },
    { "lists of their own within fragments, as many as may be", JUDGE_CONTRACT, "valid aliases",
      "{users(first:1){...A}}fragment A on User{<4:a%:linkSet(first:1){...B}>}"
      "fragment B on Link{<5:b%:votes(first:1){id}>}" },
    { "lists within lists, of more rows than there are numbers", JUDGE_CONTRACT, "nodes",
      "{<2:a%:users(first:100){<7:linkSet(first:100){votes(first:100){user{>id<7:}}}>}>}" },
    { "names of a row, compared with each other", JUDGE_CONTRACT, "aliases tokens",
      "{link(id:1){<*:a%:id >}}" },

    /* --- planning for each possible type --- */
    { "an interface within itself", JUDGE_ABSTRACT, "valid",
      "{items{<11:children{parent{>__typename<11:}}>}}" },
    { "an interface within itself, by way of each of its types", JUDGE_ABSTRACT, "valid",
      "{items{...F0}}"
      "<6:fragment F% on Item{...on Task{children{...F%+}}...on Note{children{...F%+}}"
      "...on Event{children{...F%+}}}>fragment F6 on Item{id}" },
    { "and one level more", JUDGE_ABSTRACT, "fields",
      "{items{...F0}}"
      "<7:fragment F% on Item{...on Task{children{...F%+}}...on Note{children{...F%+}}"
      "...on Event{children{...F%+}}}>fragment F7 on Item{id}" },
    { "rows of several tables within each other", JUDGE_ABSTRACT, "valid",
      "{people{<10:traces{...on Comment{author{>id<10:}}}>}}" },
    { "all columns of all branches", JUDGE_ABSTRACT, "tokens",
      "{entries{<*:...on Task{id title due owner{id name}}...on Note{body assignee{id name}}"
      "...on Comment{body item{id owner{name}}}>}}" },
};
const int hostile_count = ARRAY_LENGTH(hostile_documents);
