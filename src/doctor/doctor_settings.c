/*
 * doctor_settings.c - settings that are for developers, on a server.
 *
 * SPDX-License-Identifier: MIT
 */
#include "config/config.h"
#include "doctor/checks.h"
#include "doctor/doctor_internal.h"

void
doctor_settings_mode(struct doctor *d)
{
    if (d->config->mode != MODE_DEVELOPMENT)
        return;
    const char *address = doctor_web_public(d);
    if (d->nginx.pass_count == 0)
        doctor_skip(d, "Where the web server listens is not known: see web-server.");
    else if (address)
        doctor_fail(d, STR("in linnet.conf: mode = production; then: systemctl reload linnet"),
                    "mode is development, and the web server listens at %s: answers show plans, "
                    "SQL and times to everybody.",
                    address);
}

void
doctor_settings_introspection(struct doctor *d)
{
    if (d->config->mode == MODE_PRODUCTION && d->config->introspection == INTROSPECTION_ON)
        doctor_warn(d, STR("in linnet.conf: introspection = staff (or user, or off)"),
                    "introspection is on: everybody may ask for the whole schema.");
}

void
doctor_settings_graphiql(struct doctor *d)
{
    if (d->config->mode == MODE_PRODUCTION && d->config->graphiql == GRAPHIQL_ON)
        doctor_warn(
            d, STR("in linnet.conf: graphiql = auto"),
            "graphiql is on: browsers that open the endpoint get a page to write operations "
            "in.");
}
