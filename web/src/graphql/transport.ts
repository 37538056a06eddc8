// transport.ts - from an operation to its result: the last of the client's exchanges.
//
// An access token that has ended is renewed, and the operation sent again.  That nobody is
// signed in is no error: `me` is null then.
//
// SPDX-License-Identifier: MIT
import { type Exchange, type Operation, type OperationResult, makeErrorResult, makeResult } from '@urql/core';
import { filter, make, merge, mergeMap, pipe, share, takeUntil } from 'wonka';
import { endSession, renew } from '../session/renew';
import { sessionChanges } from '../session/tabs';
import { type Viewer, viewer } from '../session/viewer';
import { PATIENCE } from './address';
import { type Answer, type AnswerError, codes, send } from './wire';

async function ask(operation: Operation, signal: AbortSignal): Promise<Answer> {
    const isMutation = operation.kind === 'mutation';
    const idempotencyKey = operation.context['idempotencyKey'] as string | undefined;
    const sent = { query: operation.query, variables: operation.variables, isMutation, idempotencyKey };
    const time = Date.now();
    const changes = sessionChanges();
    const answer = await send(sent, signal);
    // The operations by which one signs in say themselves what is wrong.
    if (operation.context['isOfSession']) {
        return answer;
    }
    const said = codes(answer);
    if (said.includes('TOKEN_EXPIRED') && (await renew(time))) {
        return send(sent, signal);
    }
    if (said.includes('TOKEN_EXPIRED') || said.includes('TOKEN_INVALID')) {
        if (sessionChanges() !== changes) {
            // Somebody has signed in meanwhile: that session is not the one that is over.
            return send(sent, signal);
        }
        await endSession();
        // What everybody may see is read again; what needs a user is refused in words.
        return isMutation ? answer : send(sent, signal);
    }
    return answer;
}

const isOfMe = (error: AnswerError) => error.path?.length === 1 && error.path[0] === 'me';

/** Tell who is signed in, and take the error for nobody out of the answer. */
function noteViewer(answer: Answer): Answer {
    const me = answer.data?.['me'];
    const isNobody = answer.errors?.some((error) => isOfMe(error) && error.extensions?.code === 'UNAUTHENTICATED');
    if (me || isNobody) {
        viewer.note((me as Viewer | undefined) ?? null);
    }
    return { ...answer, errors: answer.errors?.filter((error) => !isOfMe(error)) ?? [] };
}

function execute(operation: Operation) {
    return make<OperationResult>(({ next, complete }) => {
        const controller = new AbortController();
        const timer = setTimeout(() => controller.abort(), PATIENCE);
        let isOver = false;
        const end = (result: OperationResult) => {
            clearTimeout(timer);
            if (!isOver) {
                next(result);
                complete();
            }
        };
        const work = async () => {
            // A component that only looks whether the cache has it subscribes, and is gone again.
            await Promise.resolve();
            if (!isOver) {
                const { data, errors } = noteViewer(await ask(operation, controller.signal));
                // (An empty list of errors is an error to urql.)
                const failed = errors?.length ? { errors } : {};
                end(makeResult(operation, { data: data ?? null, ...failed, hasNext: false }));
            }
        };
        work().catch((error: unknown) => end(makeErrorResult(operation, error as Error)));
        return () => {
            isOver = true;
            clearTimeout(timer);
            controller.abort();
        };
    });
}

export const transportExchange: Exchange = ({ forward }) => (source) => {
    const operations = share(source);
    const isOurs = (operation: Operation) => operation.kind === 'query' || operation.kind === 'mutation';
    return merge([
        pipe(
            operations,
            filter(isOurs),
            mergeMap((operation) => {
                const isEnd = (other: Operation) => other.kind === 'teardown' && other.key === operation.key;
                return pipe(execute(operation), takeUntil(pipe(operations, filter(isEnd))));
            }),
        ),
        pipe(operations, filter((operation) => !isOurs(operation)), forward),
    ]);
};
