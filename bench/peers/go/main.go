// main.go - a GraphQL server for the tables of Linnet's example, written to win bench/compare and for
// nothing else.
//
// Of Debian's packages: fasthttp, fastjson, gqlparser, pgconn, golang-jwt.  It serves the schema that
// `linnet print schema` prints, as far as the workloads go; documents are parsed, validated and planned
// once.  It has no limits and no log.  Policies apply to it: it logs in as Linnet does.  From the
// environment: PORT; SCHEMA and KEY, files; DATABASE, a connection string; READERS and WRITERS, how many
// connections.
//
// SPDX-License-Identifier: MIT
package main

import (
	"bytes"
	"errors"
	"log"
	"os"
	"strconv"
	"sync"

	"github.com/golang-jwt/jwt"
	"github.com/valyala/fasthttp"
	"github.com/valyala/fastjson"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
)

// What this edition of gqlparser does not know.
const directives = "directive @oneOf on INPUT_OBJECT\n"

var (
	schema   *ast.Schema
	jwtKey   []byte
	identity = prepare("select set_config('linnet.user_id', $1, true), set_config('linnet.role', $2, true), set_config('role', $3, true)")
	parsers  fastjson.ParserPool
	bodies   = sync.Pool{New: func() interface{} { b := make([]byte, 0, 16384); return &b }}
)

func goValue(v *fastjson.Value) interface{} {
	switch v.Type() {
	case fastjson.TypeString:
		s, _ := v.StringBytes()
		return string(s)
	case fastjson.TypeNumber:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64()
		return f
	case fastjson.TypeTrue:
		return true
	case fastjson.TypeFalse:
		return false
	case fastjson.TypeArray:
		var l []interface{}
		for _, x := range v.GetArray() {
			l = append(l, goValue(x))
		}
		return l
	case fastjson.TypeObject:
		m := map[string]interface{}{}
		v.GetObject().Visit(func(k []byte, x *fastjson.Value) { m[string(k)] = goValue(x) })
		return m
	}
	return nil
}

type claims struct {
	Role string `json:"role"`
	jwt.StandardClaims
}

func keyFunc(t *jwt.Token) (interface{}, error) {
	if t.Method != jwt.SigningMethodHS256 {
		return nil, errors.New("algorithm")
	}
	return jwtKey, nil
}

// identify verifies the token of an Authorization header.
func identify(header []byte) (*viewer, error) {
	i := bytes.IndexByte(header, ' ')
	if i < 0 {
		return nil, errors.New("Not logged in!")
	}
	var c claims
	if _, err := jwt.ParseWithClaims(string(header[i+1:]), &c, keyFunc); err != nil {
		return nil, err
	}
	if c.Issuer != "linnet" || c.Audience != "linnet" || c.Subject == "" || c.Role != "user" && c.Role != "staff" {
		return nil, errors.New("Invalid token")
	}
	return &viewer{c.Subject, c.Role}, nil
}

// answer sets the body of the response.
func answer(ctx *fasthttp.RequestCtx) error {
	p := parsers.Get()
	defer parsers.Put(p)
	v, err := p.ParseBytes(ctx.PostBody())
	if err != nil {
		return err
	}
	d := findDocument(v.GetStringBytes("query"))
	if d.err != nil {
		return d.err
	}
	o := d.find(string(v.GetStringBytes("operationName")))
	if o == nil {
		return errors.New("Which operation?")
	}
	var vars map[string]interface{}
	if len(o.def.VariableDefinitions) > 0 {
		raw := map[string]interface{}{}
		if x := v.GetObject("variables"); x != nil {
			x.Visit(func(k []byte, x *fastjson.Value) { raw[string(k)] = goValue(x) })
		}
		if vars, err = validator.VariableValues(schema, o.def, raw); err != nil {
			return err
		}
	}
	pl, err := o.plan(d, vars)
	if err != nil {
		return err
	}
	if pl.constant != nil {
		ctx.Response.SetBodyRaw(pl.constant)
		return nil
	}
	var who *viewer
	if h := ctx.Request.Header.Peek("Authorization"); len(h) > 0 {
		if who, err = identify(h); err != nil {
			return err
		}
	}
	if pl.isMutation && who == nil {
		return errors.New("Not logged in!")
	}
	buf := bodies.Get().(*[]byte)
	defer bodies.Put(buf)
	out, err := pl.serve((*buf)[:0], vars, who)
	if err != nil {
		return err
	}
	ctx.SetBody(out)
	*buf = out
	return nil
}

func handle(ctx *fasthttp.RequestCtx) {
	ctx.SetContentType("application/json")
	if !ctx.IsPost() || string(ctx.Path()) != "/graphql" {
		ctx.SetStatusCode(404)
		return
	}
	if err := answer(ctx); err != nil {
		ctx.SetBody(errorBody(err))
	}
}

func open(number string) (conns []*Conn) {
	n, _ := strconv.Atoi(number)
	for i := 0; i < n; i++ {
		c, err := connect(os.Getenv("DATABASE"))
		if err != nil {
			log.Fatal(err)
		}
		conns = append(conns, c)
	}
	return conns
}

func read(name string) []byte {
	text, err := os.ReadFile(os.Getenv(name))
	if err != nil {
		log.Fatal(err)
	}
	return text
}

func main() {
	schema = gqlparser.MustLoadSchema(&ast.Source{Input: directives + string(read("SCHEMA"))})
	jwtKey = bytes.TrimSuffix(read("KEY"), []byte("\n"))
	readers, writers = open(os.Getenv("READERS")), open(os.Getenv("WRITERS"))
	s := &fasthttp.Server{Handler: handle, NoDefaultServerHeader: true, MaxRequestBodySize: 256 * 1024}
	log.Fatal(s.ListenAndServe("127.0.0.1:" + os.Getenv("PORT")))
}
