/*
 * mock_words.c - the words of made-up texts.
 *
 * SPDX-License-Identifier: MIT
 */
#include "mock_scalar/mock_words.h"

#include "base/str.h"

#define WORDS(name, ...)                                                                           \
    static const char *const name##_list[] = { __VA_ARGS__ };                                      \
    const struct mock_words mock_##name = { name##_list, ARRAY_LENGTH(name##_list) };

WORDS(first_names, "Ada", "Alan", "Amara", "Barbara", "Carlos", "Chiara", "Dennis", "Donald",
      "Edsger", "Elena", "Emeka", "Fatima", "Frances", "Grace", "Hana", "Ingrid", "Ivan", "Jamal",
      "Jean", "Joan", "Katherine", "Ken", "Kenji", "Lea", "Linus", "Lucia", "Margaret", "Mateo",
      "Mei", "Nadia", "Niklaus", "Olga", "Omar", "Priya", "Radia", "Rosa", "Samir", "Sophie",
      "Tariq", "Yukihiro")
WORDS(last_names, "Allen", "Bakker", "Berger", "Castro", "Conti", "Dijkstra", "Dubois", "Fischer",
      "Garcia", "Haddad", "Hamilton", "Hopper", "Ito", "Jensen", "Johnson", "Kaya", "Kim", "Kovacs",
      "Lamarr", "Larsen", "Lindgren", "Liskov", "Lovelace", "Moreau", "Nakamura", "Novak", "Nowak",
      "Okafor", "Olsen", "Patel", "Perlman", "Ritchie", "Rossi", "Sato", "Silva", "Singh",
      "Thompson", "Torvalds", "Wirth", "Zhang")
WORDS(adjectives, "ancient", "bright", "calm", "clever", "distant", "early", "fast", "gentle",
      "golden", "hidden", "humble", "idle", "keen", "late", "lively", "lucky", "modern", "narrow",
      "open", "patient", "plain", "quiet", "rapid", "simple", "small", "steady", "strange", "tiny",
      "warm", "wild")
WORDS(nouns, "anchor", "bridge", "canvas", "cloud", "compass", "ember", "falcon", "forest",
      "garden", "harbour", "island", "journal", "kernel", "lantern", "ledger", "linnet", "meadow",
      "mirror", "notebook", "orchard", "parser", "pebble", "planet", "river", "shore", "signal",
      "stone", "thread", "valley", "window")
WORDS(subjects, "A compiler", "A database", "A small team", "An index", "Every test", "Nobody",
      "One query", "Our server", "The cache", "The design", "The first version", "The kernel",
      "The language", "The library", "The manual", "The network", "The new release", "The old code",
      "The scheduler", "This tool")
WORDS(verbs, "changes", "explains", "finds", "forgets", "keeps", "learns from", "measures", "needs",
      "outlives", "replaces", "rewrites", "saves", "shows", "simplifies", "surprises",
      "takes apart")
WORDS(objects, "a hard problem", "a hundred small things", "all its readers", "an old idea",
      "everything before it", "its own history", "most of the work", "the answer", "the easy half",
      "the last ten years", "the next step", "the obvious fix", "the rest of the system",
      "the simple case", "the slow path", "what was lost", "what nobody measured", "your patience")
WORDS(cities, "Amsterdam", "Barcelona", "Bergen", "Cape Town", "Dublin", "Gdansk", "Hamburg",
      "Helsinki", "Kyoto", "Lagos", "Lima", "Lisbon", "Ljubljana", "Lyon", "Montreal", "Nairobi",
      "Oslo", "Pune", "Seoul", "Toronto", "Turin", "Utrecht", "Vienna", "Wellington")
WORDS(countries, "Austria", "Brazil", "Canada", "Chile", "Denmark", "Finland", "France", "Germany",
      "Ghana", "India", "Ireland", "Italy", "Japan", "Kenya", "Mexico", "Morocco", "Netherlands",
      "New Zealand", "Nigeria", "Norway", "Poland", "Portugal", "Slovenia", "South Korea", "Spain")
WORDS(streets, "Canal Street", "Church Lane", "Garden Road", "Harbour Street", "High Street",
      "Hill Road", "Market Square", "Mill Lane", "Oak Avenue", "Park Road", "River Walk",
      "School Lane", "Station Road", "Tower Street", "Victoria Road", "Willow Way")
WORDS(companies, "Amber & Sons", "Blue Harbour", "Clearwater", "Fern & Field", "Goldfinch",
      "Granite Works", "Larkspur", "Lighthouse", "Meridian", "North Star", "Oak Street",
      "Quiet Machines", "Redwood", "Silver Thread", "Tidewater", "Two Rivers")
WORDS(tags, "accessibility", "browsers", "c", "compilers", "databases", "design", "devops",
      "education", "games", "graphics", "graphql", "hardware", "history", "languages", "linux",
      "mathematics", "networks", "performance", "privacy", "science", "security", "testing")
WORDS(colours, "#1f6feb", "#2da44e", "#57606a", "#8250df", "#9a6700", "#bf3989", "#cf222e",
      "#d4a72c", "#0a7ea4", "#e36209")
WORDS(currencies, "EUR", "USD", "GBP", "JPY", "CHF", "INR", "SEK", "BRL")
WORDS(languages, "en", "de", "fr", "es", "it", "ja", "nl", "pl", "pt", "sv")
WORDS(time_zones, "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Sao_Paulo",
      "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney")
WORDS(statuses, "open", "active", "pending", "done", "archived")

const char *
mock_word(const struct mock_words *words, uint64_t number)
{
    return words->list[number % (uint64_t)words->count];
}
