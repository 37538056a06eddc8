-- 003_functions.sql - functions of every kind that PostgreSQL has.
--
-- SPDX-License-Identifier: MIT

CREATE FUNCTION viewer_id() RETURNS uuid
LANGUAGE sql STABLE
RETURN nullif(current_setting('linnet.user_id', true), '')::uuid;

-- As the owner, since the policies of users ask it.
CREATE FUNCTION viewer_tenant() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT tenant_id FROM users WHERE id = viewer_id();
END;

CREATE FUNCTION viewer_is_staff() RETURNS boolean
LANGUAGE sql STABLE
RETURN coalesce(current_setting('linnet.role', true) = 'staff', false);

CREATE FUNCTION me() RETURNS SETOF users
LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT * FROM users WHERE id = viewer_id();
END;

-- --- of the row --------------------------------------------------------------

CREATE FUNCTION display_name(customer customers) RETURNS text
LANGUAGE sql STABLE
RETURN customer.name || coalesce(' (' || customer.country || ')', '');

CREATE FUNCTION order_count(customer customers) RETURNS bigint
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT count(*) FROM orders WHERE customer_id = customer.id;
END;

CREATE FUNCTION is_cheap(product products) RETURNS boolean
LANGUAGE sql STABLE
RETURN product.price < 10;

CREATE FUNCTION half_price(products) RETURNS numeric
LANGUAGE sql IMMUTABLE
RETURN $1.price / 2;

CREATE FUNCTION age(product products) RETURNS interval
LANGUAGE sql IMMUTABLE
RETURN age(date '2026-01-01', product.released);

-- --- one value ---------------------------------------------------------------

CREATE FUNCTION add(a integer, b integer DEFAULT 40) RETURNS integer
LANGUAGE sql IMMUTABLE
RETURN (a::bigint + b) % 1000000;

CREATE FUNCTION repeat_text(text text, times integer DEFAULT 2) RETURNS text
LANGUAGE plpgsql IMMUTABLE
AS $$
BEGIN
    RETURN repeat(text, least(times, 5));
END
$$;

-- Raises what nobody catches: 22012.
CREATE FUNCTION divide(a integer, b integer) RETURNS integer
LANGUAGE sql IMMUTABLE
RETURN a / b;

CREATE FUNCTION next_day(day date) RETURNS date
LANGUAGE sql IMMUTABLE
RETURN day + 1;

CREATE FUNCTION big_number() RETURNS bigint
LANGUAGE sql IMMUTABLE
RETURN 9007199254740993;

CREATE FUNCTION nothing() RETURNS text
LANGUAGE sql IMMUTABLE
RETURN NULL;

-- --- rows --------------------------------------------------------------------

CREATE FUNCTION products_of(category_id integer, is_deep boolean DEFAULT false) RETURNS SETOF products
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH RECURSIVE below AS (
        SELECT id FROM categories WHERE id = products_of.category_id
        UNION
        SELECT categories.id FROM categories JOIN below ON categories.parent_id = below.id
        WHERE is_deep
    )
    SELECT * FROM products WHERE products.category_id IN (SELECT id FROM below);
END;

CREATE FUNCTION cheapest_product(category_id integer) RETURNS products
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT * FROM products WHERE products.category_id = cheapest_product.category_id
    ORDER BY price, id LIMIT 1;
END;

-- In an order of its own.
CREATE FUNCTION products_by_length(minimum integer DEFAULT 0) RETURNS SETOF products
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT * FROM products WHERE char_length(name) >= minimum ORDER BY char_length(name) DESC, id DESC;
END;

CREATE FUNCTION all_sizes() RETURNS SETOF integer
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT DISTINCT size FROM products, unnest(sizes) AS size ORDER BY size DESC NULLS LAST;
END;

CREATE FUNCTION best_sellers(minimum bigint DEFAULT 1)
RETURNS TABLE (product_id bigint, name text, sold bigint)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT products.id, products.name, sum(quantity::integer)
    FROM products JOIN order_lines ON order_lines.product_id = products.id
    GROUP BY products.id HAVING sum(quantity::integer) >= minimum
    ORDER BY 3 DESC, 1;
END;

CREATE FUNCTION first_last(OUT first bigint, OUT last bigint)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT min(id), max(id) FROM products;
END;

-- --- parameters that are odd -------------------------------------------------

CREATE FUNCTION difference(integer, integer) RETURNS integer
LANGUAGE sql IMMUTABLE
RETURN $1 - $2;

CREATE FUNCTION greatest_of(VARIADIC numbers integer[]) RETURNS integer
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT max(number) FROM unnest(numbers) AS number;
END;

CREATE FUNCTION count_nulls("values" text[]) RETURNS integer
LANGUAGE sql IMMUTABLE
RETURN cardinality("values") - cardinality(array_remove("values", NULL));

CREATE FUNCTION find_product(id bigint) RETURNS SETOF products
LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT * FROM products WHERE products.id = find_product.id;
END;

CREATE FUNCTION find_product(sku text) RETURNS SETOF products
LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT * FROM products WHERE products.sku = find_product.sku;
END;

CREATE FUNCTION is_wide(dimensions) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN $1.width > $1.height;

CREATE FUNCTION sales.total(order_id bigint) RETURNS numeric
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT sum(amount) FROM sales.invoices WHERE invoices.order_id = total.order_id;
END;

-- --- that write --------------------------------------------------------------

CREATE FUNCTION acting_tenant() RETURNS uuid
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN coalesce(viewer_tenant(), '00000000-0000-0000-0000-000000000000');
END
$$;

CREATE FUNCTION place_order(customer_id bigint, currency text DEFAULT 'EUR', note text DEFAULT NULL)
RETURNS orders
LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO orders (tenant_id, customer_id, status, placed_at, currency, note)
    VALUES (acting_tenant(), customer_id, 'new', '2026-01-01 00:00:00Z', currency, note)
    RETURNING *;
END;

CREATE FUNCTION add_line(order_id bigint, product_id bigint, quantity integer) RETURNS order_lines
LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO order_lines (order_id, line_no, product_id, quantity, unit_price)
    SELECT add_line.order_id,
           1 + coalesce((SELECT max(line_no) FROM order_lines AS other
                         WHERE other.order_id = add_line.order_id), 0),
           products.id, add_line.quantity, products.price
    FROM products WHERE products.id = add_line.product_id
    RETURNING *;
END;

CREATE FUNCTION cancel_orders(customer_id bigint) RETURNS SETOF orders
LANGUAGE sql
BEGIN ATOMIC
    WITH cancelled AS (
        UPDATE orders SET status = 'lost' WHERE orders.customer_id = cancel_orders.customer_id
        RETURNING *)
    SELECT * FROM cancelled ORDER BY id;
END;

CREATE FUNCTION write_review(product_id bigint, stars integer, body text) RETURNS reviews
LANGUAGE plpgsql
AS $$
DECLARE
    review reviews;
BEGIN
    INSERT INTO reviews (id, product_id, user_id, stars, body, created_at)
    VALUES (gen_random_uuid(), product_id, viewer_id(), stars, body, now())
    RETURNING * INTO review;
    RETURN review;
END
$$;

CREATE FUNCTION delete_review(id uuid) RETURNS SETOF reviews
LANGUAGE sql
BEGIN ATOMIC
    DELETE FROM reviews WHERE reviews.id = delete_review.id RETURNING *;
END;

-- Null is as it was.
CREATE FUNCTION update_product(
    id bigint, price numeric DEFAULT NULL, colour colour DEFAULT NULL, weight real DEFAULT NULL, released date DEFAULT NULL,
    sizes integer[] DEFAULT NULL, colours colour[] DEFAULT NULL, attributes jsonb DEFAULT NULL, description text DEFAULT NULL)
RETURNS products
LANGUAGE plpgsql
AS $$
DECLARE
    product products;
BEGIN
    UPDATE products AS p SET
        price = coalesce(update_product.price, p.price), colour = coalesce(update_product.colour, p.colour),
        weight = coalesce(update_product.weight, p.weight), released = coalesce(update_product.released, p.released),
        sizes = coalesce(update_product.sizes, p.sizes), colours = coalesce(update_product.colours, p.colours),
        attributes = coalesce(update_product.attributes, p.attributes),
        description = coalesce(update_product.description, p.description)
    WHERE p.id = update_product.id
    RETURNING * INTO product;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'LN404', MESSAGE = 'There is no such product.';
    END IF;
    RETURN product;
END
$$;

-- Nothing, if there is no such line.
CREATE FUNCTION delete_line(order_id bigint, line_no integer) RETURNS SETOF order_lines
LANGUAGE sql ROWS 1
BEGIN ATOMIC
    DELETE FROM order_lines WHERE order_lines.order_id = delete_line.order_id AND order_lines.line_no = delete_line.line_no
    RETURNING *;
END;

CREATE FUNCTION change_lines(order_id bigint, quantity quantity, discount percent DEFAULT NULL) RETURNS SETOF order_lines
LANGUAGE sql
BEGIN ATOMIC
    UPDATE order_lines SET quantity = change_lines.quantity, discount = change_lines.discount
    WHERE order_lines.order_id = change_lines.order_id
    RETURNING *;
END;

CREATE FUNCTION rate_again(id uuid, stars integer) RETURNS reviews
LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO reviews (id, product_id, user_id, stars, body, created_at)
    SELECT id, product_id, user_id, rate_again.stars, body, created_at FROM reviews WHERE reviews.id = rate_again.id
    ON CONFLICT (id) DO UPDATE SET stars = excluded.stars
    RETURNING *;
END;

-- A value of each type that is given.
CREATE FUNCTION make_specimen(
    label text, small smallint DEFAULT NULL, whole integer DEFAULT NULL, big bigint DEFAULT NULL, exact numeric DEFAULT NULL,
    double double precision DEFAULT NULL, text text DEFAULT NULL, short varchar DEFAULT NULL, folded citext DEFAULT NULL,
    is_true boolean DEFAULT NULL, day date DEFAULT NULL, instant timestamptz DEFAULT NULL, key uuid DEFAULT NULL,
    document jsonb DEFAULT NULL, bytes bytea DEFAULT NULL, colour colour DEFAULT NULL, status order_status DEFAULT NULL,
    integers integer[] DEFAULT NULL, texts text[] DEFAULT NULL, whole_domain positive DEFAULT NULL)
RETURNS specimens
LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO specimens (id, label, small, whole, big, exact, double, text, short, folded, is_true, day, instant, key, document,
                           bytes, colour, status, integers, texts, whole_domain)
    SELECT 1 + max(specimens.id), make_specimen.label, make_specimen.small, make_specimen.whole, make_specimen.big,
           make_specimen.exact, make_specimen.double, make_specimen.text, make_specimen.short, make_specimen.folded,
           make_specimen.is_true, make_specimen.day, make_specimen.instant, make_specimen.key, make_specimen.document,
           make_specimen.bytes, make_specimen.colour, make_specimen.status, make_specimen.integers, make_specimen.texts,
           make_specimen.whole_domain
    FROM specimens
    RETURNING *;
END;

CREATE FUNCTION delete_specimen(id integer) RETURNS SETOF specimens
LANGUAGE sql ROWS 1
BEGIN ATOMIC
    DELETE FROM specimens WHERE specimens.id = delete_specimen.id RETURNING *;
END;

-- A trigger that keeps the version, and leaves some rows out without a word.
CREATE FUNCTION keep_coupons() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF coalesce(NEW.code, OLD.code) LIKE 'mute%' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        NEW.revision := OLD.revision + 1;
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER keep BEFORE INSERT OR UPDATE OR DELETE ON coupons FOR EACH ROW EXECUTE FUNCTION keep_coupons();

-- By a definer function, into the table that nobody has a right to.
CREATE FUNCTION remember(what text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    INSERT INTO audit_log (who, what) VALUES (current_setting('linnet.user_id', true), what)
    RETURNING true;
END;
