/*
 * words.c - names of the database as English words, and names of GraphQL made of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "init/words.h"

#include "base/buf.h"
#include "base/utf8.h"

/* --- words --- */

/* How letters of Latin-1 are written with those of ASCII, from U+00C0 to U+00FF. */
static const char *const latin[] = {
    "A", "A", "A", "A", "Ae", "A", "Ae", "C", "E", "E", "E", "E", "I",  "I", "I",  "I",
    "D", "N", "O", "O", "O",  "O", "Oe", "",  "O", "U", "U", "U", "Ue", "Y", "Th", "ss",
    "a", "a", "a", "a", "ae", "a", "ae", "c", "e", "e", "e", "e", "i",  "i", "i",  "i",
    "d", "n", "o", "o", "o",  "o", "oe", "",  "o", "u", "u", "u", "ue", "y", "th", "y",
};

static bool
is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool
is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool
is_name_byte(char c)
{
    return is_lower(c) || is_upper(c) || str_is_digit(c);
}

/* The name in ASCII; what is neither a letter nor a digit is a space, unless `is_spelled`: then
 * it is its number. */
static struct str
in_ascii(struct arena *a, struct str name, bool is_spelled)
{
    struct buf *b = buf_new(a);

    for (size_t i = 0; i < name.len;) {
        uint32_t c = utf8_next(name, &i);
        if (c < 0x80 && is_name_byte((char)c))
            buf_byte(b, (char)c);
        else if (c >= 0xC0 && c <= 0xFF)
            buf_put_c(b, latin[c - 0xC0]);
        else if (c >= 0x80 || is_spelled)
            buf_printf(b, "u%04x", (unsigned)c);
        else
            buf_byte(b, ' ');
    }
    return buf_copy(a, b);
}

/* Does a word begin at the letter: after a small one, or as the last capital of several? */
static bool
begins_word(struct str s, size_t i)
{
    if (i == 0 || !is_upper(s.ptr[i]))
        return false;
    bool is_before_small = i + 1 < s.len && is_lower(s.ptr[i + 1]);
    return !is_upper(s.ptr[i - 1]) || is_before_small;
}

struct str
words_split(struct arena *a, struct str name)
{
    struct str ascii = in_ascii(a, name, false);
    if (str_trim(ascii).len == 0)
        ascii = in_ascii(a, name, true);
    struct buf *b = buf_new(a);
    for (size_t i = 0; i < ascii.len; i++) {
        char c = ascii.ptr[i];
        bool is_space = c == ' ' || begins_word(ascii, i);
        if (is_space && b->len > 0 && b->ptr[b->len - 1] != ' ')
            buf_byte(b, ' ');
        if (c != ' ')
            buf_byte(b, (char)(is_upper(c) ? c - 'A' + 'a' : c));
    }
    return str_trim(buf_copy(a, b));
}

struct str
words_last(struct str words)
{
    size_t i = words.len;

    while (i > 0 && words.ptr[i - 1] != ' ')
        i--;
    return (struct str){ words.ptr + i, words.len - i };
}

/* --- numbers --- */

/* Words that have one form. */
static const char uncountable[] =
    "audio chassis chaos data deer equipment fish hardware info information knowledge "
    "metadata "
    "money music news offspring rice series sheep software species staff traffic weather";

/* Words in `s` that are no plurals. */
static const char singular_in_s[] =
    "alias atlas aws bias canvas cors css dns fips gas gps https lens os sas sms sos tls vs xss";

/* One, and many, where no rule below says it. */
static const struct {
    const char *one, *many;
} irregular[] = {
    { "analysis", "analyses" },
    { "appendix", "appendices" },
    { "axis", "axes" },
    { "ache", "aches" },
    { "basis", "bases" },
    { "cache", "caches" },
    { "calf", "calves" },
    { "calorie", "calories" },
    { "child", "children" },
    { "cookie", "cookies" },
    { "crisis", "crises" },
    { "criterion", "criteria" },
    { "diagnosis", "diagnoses" },
    { "echo", "echoes" },
    { "emphasis", "emphases" },
    { "foot", "feet" },
    { "goose", "geese" },
    { "half", "halves" },
    { "hero", "heroes" },
    { "hypothesis", "hypotheses" },
    { "index", "indices" },
    { "knife", "knives" },
    { "leaf", "leaves" },
    { "life", "lives" },
    { "lens", "lenses" },
    { "loaf", "loaves" },
    { "man", "men" },
    { "matrix", "matrices" },
    { "medium", "media" },
    { "mouse", "mice" },
    { "movie", "movies" },
    { "niche", "niches" },
    { "ox", "oxen" },
    { "parenthesis", "parentheses" },
    { "person", "people" },
    { "phenomenon", "phenomena" },
    { "potato", "potatoes" },
    { "quiz", "quizzes" },
    { "salesman", "salesmen" },
    { "salesperson", "salespeople" },
    { "self", "selves" },
    { "selfie", "selfies" },
    { "shelf", "shelves" },
    { "shoe", "shoes" },
    { "synopsis", "synopses" },
    { "synthesis", "syntheses" },
    { "thesis", "theses" },
    { "thief", "thieves" },
    { "toe", "toes" },
    { "tomato", "tomatoes" },
    { "tooth", "teeth" },
    { "torpedo", "torpedoes" },
    { "veto", "vetoes" },
    { "vertex", "vertices" },
    { "wife", "wives" },
    { "wolf", "wolves" },
    { "woman", "women" },
    { "zombie", "zombies" },
};

/* Endings, the longest first, and what stands for them in the singular; a word of the ending alone
 * is not meant. */
static const struct {
    const char *many, *one;
} endings[] = {
    { "sses", "ss" }, { "ouses", "ouse" }, { "auses", "ause" }, { "uses", "us" },
    { "xes", "x" },   { "ches", "ch" },    { "shes", "sh" },    { "oes", "o" },
    { "zzes", "zz" }, { "iases", "ias" },  { "lases", "las" },  { "vases", "vas" },
    { "ies", "y" },   { "ss", "ss" },      { "us", "us" },      { "is", "is" },
    { "s", "" },
};

static struct str
with_last(struct arena *a, struct str words, struct str last, struct str end, size_t kept)
{
    size_t front = words.len - last.len;

    return str_format(a, "%.*s%.*s%.*s", (int)front, words.ptr, (int)kept, last.ptr,
                      STR_PRINT(end));
}

static bool
has_one_form(struct str word)
{
    return str_has_word(str_from(uncountable), word);
}

struct str
words_singular(struct arena *a, struct str words)
{
    struct str last = words_last(words);

    if (has_one_form(last) || str_has_word(str_from(singular_in_s), last))
        return words;
    for (size_t i = 0; i < ARRAY_LENGTH(irregular); i++)
        if (str_is(last, irregular[i].many))
            return with_last(a, words, last, str_from(irregular[i].one), 0);
    for (size_t i = 0; i < ARRAY_LENGTH(endings); i++) {
        struct str end = str_from(endings[i].many);
        bool is_short = last.len < end.len + 2 && str_is(end, "ies"); /* ties, pies */
        if (!is_short && last.len > end.len && str_ends_with(last, end))
            return with_last(a, words, last, str_from(endings[i].one), last.len - end.len);
    }
    return words;
}

static bool
is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

/* What a word that is no exception gets, and how much of it is kept. */
static struct str
plural_ending(struct str word, size_t *kept)
{
    *kept = word.len;
    if (word.len > 1 && word.ptr[word.len - 1] == 'y' && !is_vowel(word.ptr[word.len - 2])) {
        *kept = word.len - 1;
        return STR("ies");
    }
    bool hisses = str_ends_with(word, STR("s")) || str_ends_with(word, STR("x")) ||
                  str_ends_with(word, STR("z")) || str_ends_with(word, STR("ch")) ||
                  str_ends_with(word, STR("sh"));
    return hisses ? STR("es") : STR("s");
}

struct str
words_plural(struct arena *a, struct str words)
{
    struct str last = words_last(words);
    size_t kept;

    if (has_one_form(last) || !str_equal(words_singular(a, words), words))
        return words;
    for (size_t i = 0; i < ARRAY_LENGTH(irregular); i++)
        if (str_is(last, irregular[i].one))
            return with_last(a, words, last, str_from(irregular[i].many), 0);
    struct str end = plural_ending(last, &kept);
    return with_last(a, words, last, end, kept);
}

/* --- names --- */

/* Each word after `first_capital` words begins with a capital. */
static struct str
join(struct arena *a, struct str words, bool is_pascal)
{
    struct buf *b = buf_new(a);
    bool is_capital = is_pascal;

    if (words.len > 0 && str_is_digit(words.ptr[0]))
        buf_byte(b, '_');
    for (size_t i = 0; i < words.len; i++) {
        char c = words.ptr[i];
        if (c == ' ') {
            /* `line_2_3` is no `line23` */
            bool is_between_digits =
                str_is_digit(words.ptr[i - 1]) && str_is_digit(words.ptr[i + 1]);
            buf_put_c(b, is_between_digits ? "_" : "");
            is_capital = true;
            continue;
        }
        buf_byte(b, (char)(is_capital && is_lower(c) ? c - 'a' + 'A' : c));
        is_capital = false;
    }
    return buf_copy(a, b);
}

struct str
words_camel(struct arena *a, struct str words)
{
    return join(a, words, false);
}

struct str
words_pascal(struct arena *a, struct str words)
{
    return join(a, words, true);
}

struct str
words_capitals(struct arena *a, struct str words)
{
    struct buf *b = buf_new(a);

    if (words.len > 0 && str_is_digit(words.ptr[0]))
        buf_byte(b, '_');
    for (size_t i = 0; i < words.len; i++) {
        char c = words.ptr[i];
        buf_byte(b, (char)(c == ' ' ? '_' : is_lower(c) ? c - 'a' + 'A' : c));
    }
    return buf_copy(a, b);
}
