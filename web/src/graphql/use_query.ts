// use_query.ts - a component's view of a query: what the cache has at once, and then the answer.
//
// SPDX-License-Identifier: MIT
import { type AnyVariables, type Client, type CombinedError, type RequestPolicy, type TypedDocumentNode, createRequest } from '@urql/core';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useStore } from '../ui/store';
import { behind } from './behind';
import { client as currentClient } from './client';

export interface QueryState<Data> {
    /** Of these variables; while others are on their way, what was shown before. */
    data: Data | undefined;
    /** Whether there are data, and they are of the variables before. */
    isOlder: boolean;
    error: CombinedError | undefined;
    /** Whether an answer is on its way. */
    isWaiting: boolean;
    /** Ask again. */
    again: () => void;
}

interface State<Data> extends Omit<QueryState<Data>, 'again' | 'isOlder'> {
    /** Whose data they are: there is one for each viewer. */
    client: Client;
    /** The request that was asked last. */
    key: number;
    /** The request whose data they are. */
    dataKey: number;
}

/**
 * Ask for a document.  Answers to variables that are no longer asked for are dropped.
 * `policy` says whether the server is asked although the cache has the answer.
 */
export function useQuery<Data, Variables extends AnyVariables>(
    query: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    policy: RequestPolicy = 'cache-first',
): QueryState<Data> {
    const client = useStore(currentClient);
    const request = createRequest(query, variables);
    const [attempt, setAttempt] = useState({ key: 0 });
    const [state, setState] = useState((): State<Data> => {
        const cached = client.readQuery<Data, Variables>(query, variables);
        return { data: cached?.data ?? undefined, error: undefined, isWaiting: !cached?.data, client, key: request.key, dataKey: request.key };
    });

    useLayoutEffect(() => {
        const requestPolicy = attempt.key === request.key ? 'network-only' : policy;
        // What another viewer has seen goes at once, not when there is something else.
        setState((before) => ({
            data: before.client === client ? before.data : undefined,
            error: undefined,
            isWaiting: true,
            client,
            key: request.key,
            dataKey: before.dataKey,
        }));
        const { unsubscribe } = client.executeQuery(request, { requestPolicy }).subscribe((result) => {
            setState((before) => ({
                // A page that is there stays, if it cannot be read again.
                data: result.data ?? (result.error?.networkError ? before.data : undefined),
                error: result.error,
                isWaiting: result.stale,
                client,
                key: request.key,
                dataKey: result.data ? request.key : before.dataKey,
            }));
        });
        return unsubscribe;
    }, [client, request.key, attempt]);

    useLayoutEffect(() => {
        const mine = { query, variables };
        behind.set(mine);
        return () => behind.get() === mine && behind.set(null);
    }, [request.key]);

    // (Drawn first with what the last request has brought.)
    const isWaiting = state.isWaiting || state.key !== request.key;
    const isOlder = state.data !== undefined && state.dataKey !== request.key;
    return { data: state.data, isOlder, error: state.error, isWaiting, again: () => setAttempt({ key: request.key }) };
}

/** `value` of when the data that are shown were asked for: ranks and cursors go with the page that is shown. */
export function useOfData<Value>(value: Value, isOlder: boolean): Value {
    const kept = useRef(value);
    if (!isOlder) {
        kept.current = value;
    }
    return kept.current;
}
