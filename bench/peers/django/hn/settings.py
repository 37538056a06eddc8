# settings.py - Django as `startproject` makes it, without the admin.  PGHOST, PGUSER and PGDATABASE are
# from the environment.
#
# SPDX-License-Identifier: MIT
import os

SECRET_KEY = "for measuring alone"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "hn.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions",
                  "graphene_django", "hn"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
DATABASES = {"default": {
    "ENGINE": "django.db.backends.postgresql", "HOST": os.environ["PGHOST"], "USER": os.environ["PGUSER"],
    "NAME": os.environ["PGDATABASE"], "CONN_MAX_AGE": None,
}}
USE_TZ = True
GRAPHENE = {"SCHEMA": "hn.schema.schema"}
