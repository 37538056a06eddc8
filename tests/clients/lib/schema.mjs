// schema.mjs - the schema as clients' tools take it: what `linnet print schema` prints.
//
// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';

import { buildSchema, introspectionFromSchema } from 'graphql';

import { program, state } from '../../http/lib/environment.mjs';
import { contract } from './targets.mjs';

const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('LINNET_')));

export const printSchema = (file = contract) =>
    execFileSync(program, ['print', 'schema', '--config', `${state}/linnet.conf`, '--contract', file], { encoding: 'utf8', env: environment });

// As introspection, which graphcache takes.
export const readSchema = () => introspectionFromSchema(buildSchema(printSchema()));
