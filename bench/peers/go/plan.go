// plan.go - a validated operation becomes statements and a list of what to write.
//
// Look-ahead: the selection below a field becomes columns, to-one fields joins, and a list one statement
// for all its parents.  What the workloads of bench/compare do not ask for is not served.
//
// SPDX-License-Identifier: MIT
package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	outID = iota
	outText
	outTime
	outInt
	outConst
	outOne
	outMany
)

type outField struct {
	key   []byte // "name":
	kind  int
	col   int // of outOne: the column that is null when there is none
	text  []byte
	sub   *sel
	child int // outMany: index into sel's node's children
}

type sel struct{ fields []outField }

type arg struct {
	name    string // of a variable
	isVar   bool
	value   interface{}
	hasNone bool
}

type node struct {
	stmt     *Stmt
	sel      *sel
	args     []arg
	children []*node
	pcol     int // of a child: the parent's column that has the key
	isBatch  bool
	// roots
	key        []byte
	isList     bool
	isIdentity bool
	text       []byte // constant
}

type plan struct {
	roots      []*node
	isMutation bool
	constant   []byte // the whole answer, where no row is needed
}

type sqlb struct {
	cols  []string
	joins []string
	n     int
	node  *node
}

func (b *sqlb) col(c string) int {
	for i, x := range b.cols {
		if x == c {
			return i
		}
	}
	b.cols = append(b.cols, c)
	return len(b.cols) - 1
}

func (b *sqlb) join(table, on string) string {
	b.n++
	a := fmt.Sprintf("j%d", b.n)
	b.joins = append(b.joins, fmt.Sprintf(" left join %s %s on %s.id = %s", table, a, a, on))
	return a
}

type compiler struct {
	doc   *ast.QueryDocument
	flags map[string]bool // boolean variables that decide about @skip and @include
	err   error           // what is not served
}

func (c *compiler) refuse(typ string, f *merged) {
	c.err = fmt.Errorf("%s.%s is not served like this", typ, f.Name)
}

func (c *compiler) skipped(ds ast.DirectiveList) bool {
	for _, d := range ds {
		if d.Name != "skip" && d.Name != "include" {
			continue
		}
		v := d.Arguments.ForName("if").Value
		is := v.Raw == "true"
		if v.Kind == ast.Variable {
			is = c.flags[v.Raw]
		}
		if is == (d.Name == "skip") {
			return true
		}
	}
	return false
}

type merged struct {
	*ast.Field
	subs ast.SelectionSet
}

// Fields by response name, fragments in place; all types here are objects.
func (c *compiler) collect(set ast.SelectionSet, typ string, out []*merged) []*merged {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if c.skipped(s.Directives) {
				continue
			}
			found := false
			for _, m := range out {
				if m.Alias == s.Alias {
					m.subs = append(m.subs, s.SelectionSet...)
					found = true
				}
			}
			if !found {
				out = append(out, &merged{s, append(ast.SelectionSet{}, s.SelectionSet...)})
			}
		case *ast.InlineFragment:
			if !c.skipped(s.Directives) && (s.TypeCondition == "" || s.TypeCondition == typ) {
				out = c.collect(s.SelectionSet, typ, out)
			}
		case *ast.FragmentSpread:
			if !c.skipped(s.Directives) && s.Definition.TypeCondition == typ {
				out = c.collect(s.Definition.SelectionSet, typ, out)
			}
		}
	}
	return out
}

func keyOf(alias string) []byte { return append(putString(nil, []byte(alias)), ':') }

type column struct {
	name string
	kind int
}

var columns = map[string]map[string]column{
	"User": {"id": {"id", outID}, "username": {"username", outText}, "dateJoined": {"date_joined", outTime}},
	"Link": {"id": {"id", outID}, "url": {"url", outText}, "description": {"description", outText}, "createdAt": {"created_at", outTime}, "voteCount": {"vote_count", outInt}},
	"CreateLink": {"id": {"id", outInt}, "url": {"url", outText}, "description": {"description", outText}},
	"Vote": {"id": {"id", outID}, "createdAt": {"created_at", outTime}},
}

var toOne = map[string]struct{ table, fk, typ string }{
	"Link.postedBy": {"users", "posted_by", "User"},
	"CreateLink.postedBy": {"users", "posted_by", "User"},
	"Vote.user":     {"users", "user_id", "User"},
	"Vote.link":     {"links", "link_id", "Link"},
}

func (c *compiler) object(set ast.SelectionSet, typ, alias string, b *sqlb) *sel {
	s := &sel{}
	for i, f := range c.collect(set, typ, nil) {
		o := outField{key: keyOf(f.Alias)}
		if i > 0 {
			o.key = append([]byte{','}, o.key...)
		}
		if col, ok := columns[typ][f.Name]; ok {
			o.kind, o.col = col.kind, b.col(alias+"."+col.name)
		} else if f.Name == "__typename" {
			o.kind, o.text = outConst, []byte(`"`+typ+`"`)
		} else if r, ok := toOne[typ+"."+f.Name]; ok {
			a := b.join(r.table, alias+"."+r.fk)
			o.kind, o.col = outOne, b.col(a+".id")
			o.sub = c.object(f.subs, r.typ, a, b)
		} else if typ+"."+f.Name == "Link.votes" && len(f.Arguments) == 0 {
			child := c.batch(f.subs)
			child.pcol = b.col(alias + ".id")
			o.kind, o.child = outMany, len(b.node.children)
			b.node.children = append(b.node.children, child)
		} else {
			c.refuse(typ, f)
		}
		s.fields = append(s.fields, o)
	}
	return s
}

func (c *compiler) batch(set ast.SelectionSet) *node {
	n := &node{isBatch: true}
	b := &sqlb{node: n}
	b.col("t.link_id")
	b.col("t.id") // by which the application sorts
	n.sel = c.object(set, "Vote", "t", b)
	n.stmt = prepare("select " + strings.Join(b.cols, ", ") + " from (select * from votes where link_id = any($1::integer[]) offset 0) t" + strings.Join(b.joins, ""))
	return n
}

func argOf(f *ast.Field, name string) arg {
	if a := f.Arguments.ForName(name); a != nil {
		if a.Value.Kind == ast.Variable {
			return arg{isVar: true, name: a.Value.Raw, value: defaultOf(f, name)}
		}
		v, _ := a.Value.Value(nil)
		return arg{value: v}
	}
	return arg{value: defaultOf(f, name)}
}

func defaultOf(f *ast.Field, name string) interface{} {
	if d := f.Definition.Arguments.ForName(name); d.DefaultValue != nil {
		v, _ := d.DefaultValue.Value(nil)
		return v
	}
	return nil
}

func (a arg) get(vars map[string]interface{}) interface{} {
	if a.isVar {
		if v, ok := vars[a.name]; ok {
			return v
		}
	}
	return a.value
}

func text(v interface{}) []byte {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return []byte(v)
	case int64:
		return strconv.AppendInt(nil, v, 10)
	case int:
		return strconv.AppendInt(nil, int64(v), 10)
	}
	return []byte(fmt.Sprint(v))
}

func (c *compiler) root(f *merged) *node {
	n := &node{}
	b := &sqlb{node: n}
	switch f.Name {
	case "link":
		n.sel = c.object(f.subs, "Link", "t", b)
		n.args = []arg{argOf(f.Field, "id")}
		n.stmt = prepare("select " + list(b.cols) + " from links t" + strings.Join(b.joins, "") + " where t.id = $1::integer")
	case "links":
		n.isList = true
		n.sel = c.object(f.subs, "Link", "t", b)
		limit, order := argOf(f.Field, "first"), fmt.Sprint(argOf(f.Field, "orderBy").value)
		if f.Arguments.ForName("search") != nil || f.Arguments.ForName("skip") != nil ||
			order != "<nil>" && order != "[map[createdAt:DESC]]" {
			c.refuse("Query", f)
		}
		n1 := "$1::int"
		if limit.isVar {
			n.args = []arg{limit}
		} else {
			n1 = string(text(limit.value))
		}
		n.stmt = prepare("select " + list(b.cols) + " from (select * from links order by created_at desc, id desc limit " + n1 + ") t" + strings.Join(b.joins, "") + " order by t.created_at desc, t.id desc")
	case "createLink":
		n.sel = c.object(f.subs, "CreateLink", "t", b)
		n.args = []arg{argOf(f.Field, "url"), argOf(f.Field, "description")}
		n.isIdentity = true
		n.stmt = prepare("select " + list(b.cols) + " from create_link($1::text, $2::text) t" + strings.Join(b.joins, ""))
	default:
		c.refuse("Query", f)
	}
	return n
}

func list(cols []string) string {
	if len(cols) == 0 {
		return "1"
	}
	return strings.Join(cols, ", ")
}

func (c *compiler) compile(op *ast.OperationDefinition) (*plan, error) {
	p := &plan{isMutation: op.Operation == ast.Mutation}
	typ := "Query"
	if p.isMutation {
		typ = "Mutation"
	}
	constant := true
	for _, f := range c.collect(op.SelectionSet, typ, nil) {
		var n *node
		switch f.Name {
		case "__typename":
			n = &node{text: []byte(`"` + typ + `"`)}
		case "__schema", "__type":
			n = &node{text: c.introspect(f)}
		default:
			n = c.root(f)
			constant = false
		}
		n.key = keyOf(f.Alias)
		p.roots = append(p.roots, n)
	}
	if constant && c.err == nil {
		p.constant = p.respond(nil, nil)
	}
	return p, c.err
}
