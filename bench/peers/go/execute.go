// execute.go - a plan is run: its statements wave by wave, then the rows are written as JSON.
//
// SPDX-License-Identifier: MIT
package main

import (
	"sort"
	"strconv"
	"sync"
)

// inst is a node that has been executed.
type inst struct {
	node     *node
	call     *Call
	children []*inst
	groups   map[int64][2]int32 // batch: key -> range in order
	order    []int32
}

type run struct {
	batch   Batch
	calls   []*Call
	ncall   int
	isWrite bool
}

var runs = sync.Pool{New: func() interface{} {
	return &run{batch: Batch{done: make(chan struct{}, 1)}}
}}

func (r *run) call(s *Stmt) *Call {
	if r.ncall == len(r.calls) {
		r.calls = append(r.calls, &Call{})
	}
	c := r.calls[r.ncall]
	r.ncall++
	c.stmt, c.params, c.data, c.vals, c.nrows, c.ncols = s, c.params[:0], c.data[:0], c.vals[:0], 0, 0
	return c
}

func (r *run) start(n *node) *inst {
	i := &inst{node: n, call: r.call(n.stmt)}
	r.batch.calls = append(r.batch.calls, i.call)
	return i
}

func parseID(s []byte) int64 {
	n, _ := strconv.ParseInt(string(s), 10, 64)
	return n
}

// group finds each parent's rows of a batch, sorted by their ids (the oldest first).
func (i *inst) group() {
	c := i.call
	i.groups = make(map[int64][2]int32, 32)
	i.order = make([]int32, c.nrows)
	type row struct{ key, id int64 }
	rows := make([]row, c.nrows)
	sorted := true
	for k := range rows {
		rows[k] = row{parseID(c.get(k, 0)), parseID(c.get(k, 1))}
		i.order[k] = int32(k)
		if k > 0 && (rows[k].key < rows[k-1].key || rows[k].key == rows[k-1].key && rows[k].id < rows[k-1].id) {
			sorted = false
		}
	}
	if !sorted {
		sort.Slice(i.order, func(a, b int) bool {
			x, y := rows[i.order[a]], rows[i.order[b]]
			return x.key < y.key || x.key == y.key && x.id < y.id
		})
	}
	from := 0
	for k := 1; k <= len(i.order); k++ {
		if k == len(i.order) || rows[i.order[k]].key != rows[i.order[from]].key {
			i.groups[rows[i.order[from]].key] = [2]int32{int32(from), int32(k)}
			from = k
		}
	}
}

// descend starts the statements below those that have been executed.
func (r *run) descend(list []*inst) []*inst {
	var next []*inst
	for _, i := range list {
		if i.node.isBatch {
			i.group()
		}
		for _, n := range i.node.children {
			child := r.start(n)
			keys := append(make([]byte, 0, 16*i.call.nrows+2), '{')
			seen := make(map[string]struct{}, i.call.nrows)
			for k := 0; k < i.call.nrows; k++ {
				v := i.call.get(k, n.pcol)
				if v == nil {
					continue
				}
				if _, ok := seen[string(v)]; ok {
					continue
				}
				seen[string(v)] = struct{}{}
				if len(keys) > 1 {
					keys = append(keys, ',')
				}
				keys = append(keys, v...)
			}
			child.call.params = append(child.call.params, append(keys, '}'))
			i.children = append(i.children, child)
			next = append(next, child)
		}
	}
	return next
}

func (i *inst) write(b []byte, s *sel, row int) []byte {
	c := i.call
	b = append(b, '{')
	for k := range s.fields {
		f := &s.fields[k]
		b = append(b, f.key...)
		switch f.kind {
		case outConst:
			b = append(b, f.text...)
			continue
		case outMany:
			child := i.children[f.child]
			g := child.groups[parseID(c.get(row, child.node.pcol))]
			b = append(b, '[')
			for n := g[0]; n < g[1]; n++ {
				if n > g[0] {
					b = append(b, ',')
				}
				b = child.write(b, child.node.sel, int(child.order[n]))
			}
			b = append(b, ']')
			continue
		}
		v := c.get(row, f.col)
		switch {
		case v == nil:
			b = append(b, "null"...)
		case f.kind == outID:
			b = append(append(append(b, '"'), v...), '"')
		case f.kind == outText:
			b = putString(b, v)
		case f.kind == outTime:
			b = putTime(b, v)
		case f.kind == outInt:
			b = append(b, v...)
		case f.kind == outOne:
			b = i.write(b, f.sub, row)
		}
	}
	return append(b, '}')
}

func isID(s []byte) bool {
	if len(s) == 0 || len(s) > 18 {
		return false
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// viewer is who has sent the request, by a token.
type viewer struct{ id, role string }

// execute runs all statements of these roots, wave by wave; nil instances are null.
func (r *run) execute(roots []*node, vars map[string]interface{}, who *viewer) ([]*inst, error) {
	top := make([]*inst, len(roots))
	r.batch.calls = r.batch.calls[:0]
	var wave []*inst
	for k, n := range roots {
		if n.stmt == nil {
			continue
		}
		if n.isIdentity {
			id := r.call(identity)
			id.params = append(id.params, []byte(who.id), []byte(who.role), []byte("linnet_"+who.role))
			r.batch.calls = append(r.batch.calls, id)
		}
		i := r.start(n)
		for _, a := range n.args {
			i.call.params = append(i.call.params, text(a.get(vars)))
		}
		if !n.isList && len(n.args) == 1 && !isID(i.call.params[0]) {
			r.batch.calls = r.batch.calls[:len(r.batch.calls)-1]
			continue
		}
		top[k] = i
		wave = append(wave, i)
	}
	for len(wave) > 0 {
		conns := readers
		if r.isWrite {
			conns = writers
		}
		if err := pick(conns).run(&r.batch); err != nil {
			return nil, err
		}
		r.batch.calls = r.batch.calls[:0]
		wave = r.descend(wave)
	}
	return top, nil
}

func (p *plan) respond(out []byte, insts []*inst) []byte {
	out = append(out, `{"data":{`...)
	for k, n := range p.roots {
		if k > 0 {
			out = append(out, ',')
		}
		out = append(out, n.key...)
		switch {
		case n.text != nil:
			out = append(out, n.text...)
		case insts[k] == nil || !n.isList && insts[k].call.nrows == 0:
			out = append(out, "null"...)
		case n.isList:
			out = append(out, '[')
			for row := 0; row < insts[k].call.nrows; row++ {
				if row > 0 {
					out = append(out, ',')
				}
				out = insts[k].write(out, n.sel, row)
			}
			out = append(out, ']')
		default:
			out = insts[k].write(out, n.sel, 0)
		}
	}
	return append(out, '}', '}')
}

func (p *plan) serve(out []byte, vars map[string]interface{}, who *viewer) ([]byte, error) {
	r := runs.Get().(*run)
	defer runs.Put(r)
	r.ncall, r.isWrite = 0, p.isMutation
	if !p.isMutation {
		insts, err := r.execute(p.roots, vars, who)
		if err != nil {
			return nil, err
		}
		return p.respond(out, insts), nil
	}
	insts := make([]*inst, len(p.roots))
	for k, n := range p.roots { // one after the other
		one, err := r.execute([]*node{n}, vars, who)
		if err != nil {
			return nil, err
		}
		insts[k] = one[0]
	}
	return p.respond(out, insts), nil
}
