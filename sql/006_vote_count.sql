-- 006_vote_count.sql - links.vote_count, and by it links.hot, kept right by votes.
--
-- Once a statement, not once a row, by the rows that it has written: the seed gives
-- thousands of votes at once, and a link takes as many with it.
--
-- As the owner: nobody who votes has a right to vote_count, nor a policy for other people's
-- links, without which the UPDATE would find no row and say nothing.  FORCE binds the owner
-- as well, whose policy lets this pass (is_internal()).
--
-- A vote is given and taken back, and never updated: nobody has the right to.
--
-- SPDX-License-Identifier: MIT

CREATE FUNCTION count_votes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before text := set_internal('on');
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE links SET vote_count = vote_count + change.votes
        FROM (SELECT link_id, count(*) AS votes FROM changed GROUP BY link_id) AS change
        WHERE links.id = change.link_id;
    ELSE
        -- Finds nothing where the votes went with their link.
        UPDATE links SET vote_count = vote_count - change.votes
        FROM (SELECT link_id, count(*) AS votes FROM changed GROUP BY link_id) AS change
        WHERE links.id = change.link_id;
    END IF;
    PERFORM set_internal(before);
    RETURN NULL;
END
$$;

CREATE TRIGGER votes_count_given AFTER INSERT ON votes REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_votes();
CREATE TRIGGER votes_count_taken AFTER DELETE ON votes REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_votes();
