// json.go - strings and times, from PostgreSQL's text.
//
// SPDX-License-Identifier: MIT
package main

const hex = "0123456789abcdef"

var safe [256]bool

func init() {
	for i := 0x20; i < 256; i++ {
		safe[i] = i != '"' && i != '\\'
	}
}

func putString(b, s []byte) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		if safe[s[i]] {
			continue
		}
		b = append(b, s[start:i]...)
		switch c := s[i]; c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		start = i + 1
	}
	return append(append(b, s[start:]...), '"')
}

// 2024-02-07 22:40:00.12+00 -> "2024-02-07T22:40:00.120Z" (the connection's zone is UTC)
func putTime(b, s []byte) []byte {
	if len(s) < 22 || s[10] != ' ' {
		return putString(b, s)
	}
	b = append(b, '"')
	b = append(b, s[:10]...)
	b = append(b, 'T')
	b = append(b, s[11:19]...)
	f := [4]byte{'.', '0', '0', '0'}
	if s[19] == '.' {
		for i := 1; i < 4 && s[19+i] >= '0' && s[19+i] <= '9'; i++ {
			f[i] = s[19+i]
		}
	}
	return append(append(b, f[:]...), 'Z', '"')
}
