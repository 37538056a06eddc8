#!/usr/bin/env python3
# confine.py - runs a program as a unit of systemd would confine it, where no systemd runs.
#
#     confine.py UNIT COMMAND...
#
# Of the unit it takes SystemCallFilter (its groups as `systemd-analyze syscall-filter` knows them),
# SystemCallErrorNumber, MemoryDenyWriteExecute, RestrictAddressFamilies, RestrictNamespaces and
# NoNewPrivileges, and makes of them what systemd does: a seccomp filter.  As root it becomes nobody, without
# capabilities, and never finds a way back.
#
# SPDX-License-Identifier: MIT
import ctypes
import errno
import os
import pwd
import socket
import subprocess
import sys

ALLOW = 0x7FFF0000
EQUAL, MASKED_EQUAL = 4, 7  # SCMP_CMP_EQ, SCMP_CMP_MASKED_EQ
PROT_WRITE, PROT_EXEC = 2, 4
SHM_EXEC = 0o100000
NAMESPACES = 0x7E020080  # CLONE_NEW...
# What systemd allows whatever the unit says (seccomp-util.c).
ALWAYS = ['@default', 'execve']


class Comparison(ctypes.Structure):
    _fields_ = [('arg', ctypes.c_uint), ('op', ctypes.c_int), ('a', ctypes.c_uint64), ('b', ctypes.c_uint64)]


library = ctypes.CDLL('libseccomp.so.2')
library.seccomp_init.restype = ctypes.c_void_p


def fail(number):
    return 0x00050000 | number


def settings(path):
    found = {}
    for line in open(path, encoding='utf-8'):
        name, equals, value = line.strip().partition('=')
        if equals and not name.startswith('#'):
            found.setdefault(name, []).append(value)
    return found


def expand(words):
    names = set()
    for word in words:
        if not word.startswith('@'):
            names.add(word)
            continue
        lines = subprocess.run(['systemd-analyze', 'syscall-filter', word], check=True, capture_output=True, text=True)
        members = [line.strip() for line in lines.stdout.splitlines()[1:]]
        names |= expand(member for member in members if member and not member.startswith('#'))
    return names


def allowed(unit):
    names = set()
    for value in unit['SystemCallFilter']:
        if value.startswith('~'):
            names -= expand(value[1:].split())
        else:
            names |= expand(value.split())
    return names | expand(ALWAYS)


class Filter:
    def __init__(self, otherwise):
        self.context = ctypes.c_void_p(library.seccomp_init(otherwise))

    def add(self, name, *conditions, action=ALLOW):
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number < 0:  # another machine's
            return
        array = (Comparison * len(conditions))(*conditions)
        result = library.seccomp_rule_add_array(self.context, action, number, len(conditions), array)
        if result < 0:
            sys.exit(f'confine.py: {name}: {os.strerror(-result)}')

    def load(self):
        result = library.seccomp_load(self.context)
        if result < 0:
            sys.exit(f'confine.py: {os.strerror(-result)}')


def masked(argument, mask, value):
    return Comparison(argument, MASKED_EQUAL, mask, value)


def add_rules(rules, unit):
    names = allowed(unit)
    if unit['MemoryDenyWriteExecute'] == ['yes']:
        names -= {'mmap', 'mprotect', 'pkey_mprotect', 'shmat'}
        rules.add('mmap', masked(2, PROT_EXEC, 0))
        rules.add('mmap', masked(2, PROT_EXEC | PROT_WRITE, PROT_EXEC))
        rules.add('mprotect', masked(2, PROT_EXEC, 0))
        rules.add('pkey_mprotect', masked(2, PROT_EXEC, 0))
        rules.add('shmat', masked(2, SHM_EXEC, 0))
    names.discard('socket')
    for family in unit['RestrictAddressFamilies'][0].split():
        rules.add('socket', Comparison(0, EQUAL, getattr(socket, family), 0))
    if unit['RestrictNamespaces'] == ['yes']:
        names -= {'clone', 'clone3', 'unshare', 'setns'}
        rules.add('clone', masked(0, NAMESPACES, 0))
        rules.add('clone3', action=fail(errno.ENOSYS))
    for name in names:
        rules.add(name)


def become_nobody():
    if os.geteuid() == 0:
        nobody = pwd.getpwnam('nobody')
        os.initgroups('nobody', nobody.pw_gid)
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)


unit = settings(sys.argv[1])
assert unit['SystemCallErrorNumber'] == ['EPERM'] and unit['NoNewPrivileges'] == ['yes']
rules = Filter(fail(errno.EPERM))
add_rules(rules, unit)
become_nobody()
rules.load()  # and no new privileges with it
os.execvp(sys.argv[2], sys.argv[2:])
