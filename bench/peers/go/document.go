// document.go - documents that have been parsed and validated, with their plans.
//
// SPDX-License-Identifier: MIT
package main

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

const maxDocuments = 1000

type document struct {
	query *ast.QueryDocument
	err   error // why it is refused
	mu    sync.RWMutex
	ops   map[string]*operation
}

type operation struct {
	def    *ast.OperationDefinition
	checks []string // boolean variables, of which @skip and @include make several plans
	mu     sync.RWMutex
	plans  map[string]planned // by the values of these
	only   *planned           // where there are none
}

type planned struct {
	plan *plan
	err  error
}

var (
	documents   atomic.Value // map[string]*document, replaced when one is added
	documentsMu sync.Mutex
)

func init() { documents.Store(map[string]*document{}) }

func findDocument(text []byte) *document {
	if d := documents.Load().(map[string]*document)[string(text)]; d != nil {
		return d
	}
	d := &document{ops: map[string]*operation{}}
	query, errs := gqlparser.LoadQuery(schema, string(text))
	if errs != nil {
		d.err = errs
	}
	d.query = query
	documentsMu.Lock()
	defer documentsMu.Unlock()
	old := documents.Load().(map[string]*document)
	m := make(map[string]*document, len(old)+1)
	if len(old) < maxDocuments {
		for k, v := range old {
			m[k] = v
		}
	}
	m[string(text)] = d
	documents.Store(m)
	return d
}

// find returns nil where there is no operation of that name.
func (d *document) find(name string) *operation {
	d.mu.RLock()
	o := d.ops[name]
	d.mu.RUnlock()
	if o != nil {
		return o
	}
	var def *ast.OperationDefinition
	if name == "" && len(d.query.Operations) == 1 {
		def = d.query.Operations[0]
	} else if name != "" {
		def = d.query.Operations.ForName(name)
	}
	if def == nil {
		return nil
	}
	o = &operation{def: def, plans: map[string]planned{}}
	text := def.Position.Src.Input
	if strings.Contains(text, "@skip") || strings.Contains(text, "@include") {
		for _, v := range def.VariableDefinitions {
			if v.Type.NamedType == "Boolean" {
				o.checks = append(o.checks, v.Variable)
			}
		}
	}
	if len(o.checks) == 0 {
		p, err := (&compiler{doc: d.query}).compile(def)
		o.only = &planned{p, err}
	}
	d.mu.Lock()
	d.ops[name] = o
	d.mu.Unlock()
	return o
}

func (o *operation) plan(d *document, vars map[string]interface{}) (*plan, error) {
	if o.only != nil {
		return o.only.plan, o.only.err
	}
	key, flags := "", map[string]bool{}
	for _, c := range o.checks {
		flags[c] = vars[c] == true
		key += fmt.Sprint(flags[c], ";")
	}
	o.mu.RLock()
	p, ok := o.plans[key]
	o.mu.RUnlock()
	if !ok {
		p.plan, p.err = (&compiler{doc: d.query, flags: flags}).compile(o.def)
		o.mu.Lock()
		o.plans[key] = p
		o.mu.Unlock()
	}
	return p.plan, p.err
}

func errorBody(err error) []byte {
	b := []byte(`{"errors":[`)
	var list gqlerror.List
	if !errors.As(err, &list) {
		list = gqlerror.List{gqlerror.Errorf("%s", err.Error())}
	}
	for i, e := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(str(append(b, `{"message":`...), e.Message), '}')
	}
	return append(b, "]}"...)
}
