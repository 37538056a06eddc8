// introspect.go - __schema and __type, written once for each document.
//
// SPDX-License-Identifier: MIT
package main

import (
	"sort"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// typeRef is a named type, or one in a list or with a `!`.
type typeRef struct {
	def *ast.Definition
	typ *ast.Type // a wrapper
}

func refOf(t *ast.Type) typeRef {
	if t.NonNull || t.Elem != nil {
		return typeRef{typ: t}
	}
	return typeRef{def: schema.Types[t.NamedType]}
}

func str(b []byte, s string) []byte { return putString(b, []byte(s)) }
func strOrNull(b []byte, s string) []byte {
	if s == "" {
		return append(b, "null"...)
	}
	return str(b, s)
}
func boolean(b []byte, v bool) []byte {
	if v {
		return append(b, "true"...)
	}
	return append(b, "false"...)
}

func (c *compiler) introspect(f *merged) []byte {
	if f.Name == "__schema" {
		return c.object2(nil, f.subs, "__Schema", schema)
	}
	name, _ := f.Arguments.ForName("name").Value.Value(nil)
	d := schema.Types[name.(string)]
	if d == nil {
		return []byte("null")
	}
	return c.object2(nil, f.subs, "__Type", typeRef{def: d})
}

func (c *compiler) list2(b []byte, set ast.SelectionSet, typ string, n int, get func(int) interface{}) []byte {
	b = append(b, '[')
	for i := 0; i < n; i++ {
		if i > 0 {
			b = append(b, ',')
		}
		b = c.object2(b, set, typ, get(i))
	}
	return append(b, ']')
}

func deprecation(ds ast.DirectiveList) (bool, string) {
	d := ds.ForName("deprecated")
	if d == nil {
		return false, ""
	}
	if a := d.Arguments.ForName("reason"); a != nil {
		return true, a.Value.Raw
	}
	return true, "No longer supported"
}

func (c *compiler) object2(b []byte, set ast.SelectionSet, typ string, v interface{}) []byte {
	b = append(b, '{')
	for i, f := range c.collect(set, typ, nil) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, keyOf(f.Alias)...)
		if f.Name == "__typename" {
			b = str(b, typ)
			continue
		}
		switch v := v.(type) {
		case *ast.Schema:
			b = c.schemaField(b, f, v)
		case typeRef:
			b = c.typeField(b, f, v)
		case *ast.FieldDefinition:
			is, why := deprecation(v.Directives)
			switch f.Name {
			case "args":
				b = c.list2(b, f.subs, "__InputValue", len(v.Arguments), func(i int) interface{} { return v.Arguments[i] })
			case "type":
				b = c.object2(b, f.subs, "__Type", refOf(v.Type))
			default:
				b = common(b, f.Name, v.Name, v.Description, is, why, v.DefaultValue)
			}
		case *ast.ArgumentDefinition:
			if f.Name == "type" {
				b = c.object2(b, f.subs, "__Type", refOf(v.Type))
			} else {
				b = common(b, f.Name, v.Name, v.Description, false, "", v.DefaultValue)
			}
		case *ast.EnumValueDefinition:
			is, why := deprecation(v.Directives)
			b = common(b, f.Name, v.Name, v.Description, is, why, nil)
		case *ast.DirectiveDefinition:
			switch f.Name {
			case "args":
				b = c.list2(b, f.subs, "__InputValue", len(v.Arguments), func(i int) interface{} { return v.Arguments[i] })
			case "locations":
				b = append(b, '[')
				for i, l := range v.Locations {
					if i > 0 {
						b = append(b, ',')
					}
					b = str(b, string(l))
				}
				b = append(b, ']')
			case "isRepeatable":
				b = boolean(b, v.IsRepeatable)
			default:
				b = common(b, f.Name, v.Name, v.Description, false, "", nil)
			}
		}
	}
	return append(b, '}')
}

func common(b []byte, field, name, description string, is bool, why string, value *ast.Value) []byte {
	switch field {
	case "name":
		return str(b, name)
	case "description":
		return strOrNull(b, description)
	case "isDeprecated":
		return boolean(b, is)
	case "deprecationReason":
		return strOrNull(b, why)
	case "defaultValue":
		if value != nil {
			return str(b, value.String())
		}
	}
	return append(b, "null"...)
}

func (c *compiler) schemaField(b []byte, f *merged, s *ast.Schema) []byte {
	switch f.Name {
	case "types":
		var names []string
		for n := range s.Types {
			names = append(names, n)
		}
		sort.Strings(names)
		return c.list2(b, f.subs, "__Type", len(names), func(i int) interface{} { return typeRef{def: s.Types[names[i]]} })
	case "directives":
		var names []string
		for n := range s.Directives {
			names = append(names, n)
		}
		sort.Strings(names)
		return c.list2(b, f.subs, "__Directive", len(names), func(i int) interface{} { return s.Directives[names[i]] })
	case "queryType":
		return c.object2(b, f.subs, "__Type", typeRef{def: s.Query})
	case "mutationType":
		return c.object2(b, f.subs, "__Type", typeRef{def: s.Mutation})
	}
	return append(b, "null"...)
}

func (c *compiler) typeField(b []byte, f *merged, t typeRef) []byte {
	null := func() []byte { return append(b, "null"...) }
	if t.typ != nil {
		switch f.Name {
		case "kind":
			if t.typ.NonNull {
				return str(b, "NON_NULL")
			}
			return str(b, "LIST")
		case "ofType":
			if t.typ.NonNull {
				inner := *t.typ
				inner.NonNull = false
				return c.object2(b, f.subs, "__Type", refOf(&inner))
			}
			return c.object2(b, f.subs, "__Type", refOf(t.typ.Elem))
		}
		return null()
	}
	d := t.def
	all := false
	if a := f.Arguments.ForName("includeDeprecated"); a != nil {
		all = a.Value.Raw == "true"
	}
	switch f.Name {
	case "kind":
		return str(b, string(d.Kind))
	case "name":
		return str(b, d.Name)
	case "description":
		return strOrNull(b, d.Description)
	case "fields":
		if d.Kind != ast.Object && d.Kind != ast.Interface {
			return null()
		}
		var fs []*ast.FieldDefinition
		for _, x := range d.Fields {
			if is, _ := deprecation(x.Directives); !strings.HasPrefix(x.Name, "__") && (all || !is) {
				fs = append(fs, x)
			}
		}
		return c.list2(b, f.subs, "__Field", len(fs), func(i int) interface{} { return fs[i] })
	case "inputFields":
		if d.Kind != ast.InputObject {
			return null()
		}
		return c.list2(b, f.subs, "__InputValue", len(d.Fields), func(i int) interface{} { return d.Fields[i] })
	case "interfaces":
		if d.Kind != ast.Object && d.Kind != ast.Interface {
			return null()
		}
		return c.list2(b, f.subs, "__Type", len(d.Interfaces), func(i int) interface{} { return typeRef{def: schema.Types[d.Interfaces[i]]} })
	case "enumValues":
		if d.Kind != ast.Enum {
			return null()
		}
		var vs []*ast.EnumValueDefinition
		for _, x := range d.EnumValues {
			if is, _ := deprecation(x.Directives); all || !is {
				vs = append(vs, x)
			}
		}
		return c.list2(b, f.subs, "__EnumValue", len(vs), func(i int) interface{} { return vs[i] })
	case "possibleTypes":
		if d.Kind != ast.Interface && d.Kind != ast.Union {
			return null()
		}
		ps := schema.GetPossibleTypes(d)
		return c.list2(b, f.subs, "__Type", len(ps), func(i int) interface{} { return typeRef{def: ps[i]} })
	}
	return null()
}
