/*
 * mock_words.h - the words of made-up texts.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MOCK_SCALAR_MOCK_WORDS_H
#define MOCK_SCALAR_MOCK_WORDS_H

#include <stdint.h>

struct mock_words {
    const char *const *list;
    int count;
};

extern const struct mock_words mock_first_names, mock_last_names, mock_adjectives, mock_nouns,
    mock_subjects, mock_verbs, mock_objects, mock_cities, mock_countries, mock_streets,
    mock_companies, mock_tags, mock_colours, mock_currencies, mock_languages, mock_time_zones,
    mock_statuses;

/* The word that a number chooses. */
const char *mock_word(const struct mock_words *words, uint64_t number);

#endif
