// postgresql.go - pipelined connections: many requests share one, each with a Sync of its own.
//
// A request that finds nobody writing writes for all who came meanwhile.  Statements are prepared once
// on each connection, when they are first needed.
//
// SPDX-License-Identifier: MIT
package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgconn"
)

// Stmt is a statement that each connection prepares under its name.
type Stmt struct {
	id   int
	name string
	sql  string
}

var (
	stmtMu  sync.Mutex
	stmts   = map[string]*Stmt{}
	stmtCnt int
)

func prepare(sql string) *Stmt {
	stmtMu.Lock()
	defer stmtMu.Unlock()
	if s := stmts[sql]; s != nil {
		return s
	}
	s := &Stmt{id: stmtCnt, name: "s" + strconv.Itoa(stmtCnt), sql: sql}
	stmtCnt++
	stmts[sql] = s
	return s
}

// val is where in Call.data a value stands; len -1: null.
type val struct{ off, len int32 }

// Call is one execution of a prepared statement; its rows are copied into data.
type Call struct {
	stmt   *Stmt
	params [][]byte
	data   []byte
	vals   []val
	ncols  int
	nrows  int
}

func (c *Call) get(row, col int) []byte {
	v := c.vals[row*c.ncols+col]
	if v.len < 0 {
		return nil
	}
	return c.data[v.off : v.off+v.len]
}

// Batch is what one Sync ends: an implicit transaction.
type Batch struct {
	calls  []*Call
	at     int // whose answer is being read
	err    error
	parsed []int // statements that it prepares
	done   chan struct{}
}

// Conn is a connection that is written by whoever has a request, and read by a goroutine of its own.
type Conn struct {
	nc       net.Conn
	mu       sync.Mutex
	wbuf     []byte // what has not been written
	spare    []byte // the buffer that was written last
	writing  bool
	prepared []bool
	fifo     []*Batch // sent, from head on
	head     int
	load     int32 // how many are under way
}

func connect(dsn string) (*Conn, error) {
	pc, err := pgconn.Connect(context.Background(), dsn)
	if err != nil {
		return nil, err
	}
	h, err := pc.Hijack()
	if err != nil {
		return nil, err
	}
	c := &Conn{nc: h.Conn}
	go c.read()
	return c, nil
}

func put32(b []byte, v int) []byte {
	return append(b, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}
func put16(b []byte, v int) []byte { return append(b, byte(v>>8), byte(v)) }

func fixLen(b []byte, at int) { binary.BigEndian.PutUint32(b[at:], uint32(len(b)-at)) }

func (c *Conn) encode(b []byte, batch *Batch) []byte {
	for _, call := range batch.calls {
		s := call.stmt
		for len(c.prepared) <= s.id {
			c.prepared = append(c.prepared, false)
		}
		if !c.prepared[s.id] {
			c.prepared[s.id] = true
			batch.parsed = append(batch.parsed, s.id)
			b = append(b, 'P')
			at := len(b)
			b = put32(b, 0)
			b = append(append(b, s.name...), 0)
			b = append(append(b, s.sql...), 0)
			b = put16(b, 0)
			fixLen(b, at)
		}
		b = append(b, 'B')
		at := len(b)
		b = put32(b, 0)
		b = append(b, 0)
		b = append(append(b, s.name...), 0)
		b = put16(b, 0)
		b = put16(b, len(call.params))
		for _, p := range call.params {
			if p == nil {
				b = put32(b, -1)
			} else {
				b = append(put32(b, len(p)), p...)
			}
		}
		b = put16(b, 0)
		fixLen(b, at)
		b = append(b, 'E', 0, 0, 0, 9, 0, 0, 0, 0, 0)
	}
	return append(b, 'S', 0, 0, 0, 4)
}

func (c *Conn) run(batch *Batch) error {
	atomic.AddInt32(&c.load, 1)
	batch.at, batch.err = 0, nil
	batch.parsed = batch.parsed[:0]
	c.mu.Lock()
	c.wbuf = c.encode(c.wbuf, batch)
	c.fifo = append(c.fifo, batch)
	if !c.writing {
		c.writing = true
		c.mu.Unlock()
		runtime.Gosched() // others that are ready add theirs to the same write
		c.mu.Lock()
		for len(c.wbuf) > 0 {
			b := c.wbuf
			c.wbuf = c.spare[:0]
			c.mu.Unlock()
			if _, err := c.nc.Write(b); err != nil {
				fmt.Fprintln(os.Stderr, "write:", err)
				os.Exit(1) // the supervisor starts another
			}
			c.mu.Lock()
			c.spare = b
		}
		c.writing = false
	}
	c.mu.Unlock()
	<-batch.done
	atomic.AddInt32(&c.load, -1)
	return batch.err
}

func (c *Conn) pop() *Batch {
	c.mu.Lock()
	b := c.fifo[c.head]
	c.fifo[c.head] = nil
	c.head++
	if c.head == len(c.fifo) {
		c.fifo, c.head = c.fifo[:0], 0
	} else if c.head > 256 {
		n := copy(c.fifo, c.fifo[c.head:])
		c.fifo, c.head = c.fifo[:n], 0
	}
	c.mu.Unlock()
	return b
}

func (c *Conn) peek() *Batch {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.head == len(c.fifo) {
		return nil
	}
	return c.fifo[c.head]
}

func pgError(m []byte) error {
	var msg, code string
	for len(m) > 1 {
		k := m[0]
		m = m[1:]
		i := 0
		for m[i] != 0 {
			i++
		}
		if k == 'M' {
			msg = string(m[:i])
		} else if k == 'C' {
			code = string(m[:i])
		}
		m = m[i+1:]
	}
	return errors.New(msg + " (" + code + ")")
}

func (c *Conn) read() {
	buf := make([]byte, 128*1024)
	r, w := 0, 0
	var cur *Batch
	for {
		for w-r >= 5 {
			n := int(binary.BigEndian.Uint32(buf[r+1:])) + 1
			if w-r < n {
				if n > len(buf) {
					nb := make([]byte, 2*n)
					copy(nb, buf[r:w])
					buf, w, r = nb, w-r, 0
				}
				break
			}
			m := buf[r+5 : r+n]
			t := buf[r]
			r += n
			switch t {
			case 'D':
				if cur == nil {
					cur = c.peek()
				}
				call := cur.calls[cur.at]
				nc := int(binary.BigEndian.Uint16(m))
				call.ncols = nc
				call.nrows++
				base := int32(len(call.data))
				call.data = append(call.data, m...)
				p := int32(2)
				for i := 0; i < nc; i++ {
					l := int32(binary.BigEndian.Uint32(m[p:]))
					p += 4
					call.vals = append(call.vals, val{base + p, l})
					if l > 0 {
						p += l
					}
				}
			case 'C':
				if cur == nil {
					cur = c.peek()
				}
				cur.at++
			case 'E':
				if cur == nil {
					cur = c.peek()
				}
				if cur == nil {
					fmt.Fprintln(os.Stderr, "postgres:", pgError(m))
					os.Exit(1)
				}
				cur.err = pgError(m)
			case 'Z':
				b := c.pop()
				if b.err != nil && len(b.parsed) > 0 {
					c.mu.Lock()
					for _, id := range b.parsed {
						if !(b.at > 0 && b.calls[0].stmt.id == id) {
							c.prepared[id] = false
						}
					}
					c.mu.Unlock()
				}
				cur = nil
				b.done <- struct{}{}
			}
		}
		if r == w {
			r, w = 0, 0
		} else if w == len(buf) {
			copy(buf, buf[r:w])
			r, w = 0, w-r
		}
		n, err := c.nc.Read(buf[w:])
		if err != nil {
			fmt.Fprintln(os.Stderr, "read:", err)
			os.Exit(1)
		}
		w += n
	}
}

// Readers share few connections, pipelined; writers, which wait for the disk, have more of their own.
var readers, writers []*Conn
var nextConn uint32

// pick the connection with the fewest batches under way
func pick(conns []*Conn) *Conn {
	n := len(conns)
	if n == 1 {
		return conns[0]
	}
	i := int(atomic.AddUint32(&nextConn, 1)) % n
	best, bl := conns[i], atomic.LoadInt32(&conns[i].load)
	for k := 1; k < n && bl > 0; k++ {
		c := conns[(i+k)%n]
		if l := atomic.LoadInt32(&c.load); l < bl {
			best, bl = c, l
		}
	}
	return best
}
