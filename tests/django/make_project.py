#!/usr/bin/python3
# make_project.py - a Django project as the tutorial makes it, with people, links and votes.
#
# It needs Debian's python3-django, python3-django-graphene, python3-argon2 and python3-bcrypt; for
# PostgreSQL also python3-psycopg2.
#
#     tests/django/make_project.py DIRECTORY [HOST DATABASE USER]
#
# makes the project in DIRECTORY, on SQLite or in that database of PostgreSQL, and writes
# DIRECTORY/dump.json with `manage.py dumpdata`. Rows are made by the tutorial's own mutations, and by
# Django itself where it lets more through than these. tests/django/dump.json was made by it.
#
# Every password is `correct horse NAME`.
#
# SPDX-License-Identifier: MIT
import os
import subprocess
import sys
from pathlib import Path

directory = Path(sys.argv[1]).resolve()
database = sys.argv[2:5]

MODELS = """
from django.conf import settings
from django.db import models

class Link(models.Model):
    url = models.URLField()
    description = models.TextField(blank=True)
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE)

class Vote(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    link = models.ForeignKey('links.Link', related_name='votes', on_delete=models.CASCADE)
"""

SCHEMA = """
import graphene
from django.contrib.auth import get_user_model
from graphene_django import DjangoObjectType
from links.models import Link, Vote

class UserType(DjangoObjectType):
    class Meta:
        model = get_user_model()

class LinkType(DjangoObjectType):
    class Meta:
        model = Link

class CreateUser(graphene.Mutation):
    user = graphene.Field(UserType)
    class Arguments:
        username = graphene.String(required=True)
        password = graphene.String(required=True)
        email = graphene.String(required=True)
    def mutate(self, info, username, password, email):
        user = get_user_model()(username=username, email=email)
        user.set_password(password)
        user.save()
        return CreateUser(user=user)

class CreateLink(graphene.Mutation):
    id = graphene.Int()
    class Arguments:
        url = graphene.String()
        description = graphene.String()
    def mutate(self, info, url, description):
        link = Link(url=url, description=description, posted_by=info.context)
        link.save()
        return CreateLink(id=link.id)

class CreateVote(graphene.Mutation):
    link = graphene.Field(LinkType)
    class Arguments:
        link_id = graphene.Int()
    def mutate(self, info, link_id):
        link = Link.objects.get(id=link_id)
        Vote.objects.create(user=info.context, link=link)
        return CreateVote(link=link)

class Query(graphene.ObjectType):
    links = graphene.List(LinkType)

class Mutation(graphene.ObjectType):
    create_user = CreateUser.Field()
    create_link = CreateLink.Field()
    create_vote = CreateVote.Field()

schema = graphene.Schema(query=Query, mutation=Mutation)
"""

FILL = """
import base64, hashlib
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from hackernews.schema import schema
from links.models import Link, Vote

User = get_user_model()

def execute(document, user=None, **variables):
    result = schema.execute(document, variables=variables, context=user)
    assert not result.errors, result.errors

def sign_up(name, **more):
    execute('mutation ($n: String!, $p: String!, $e: String!) {'
            ' createUser(username: $n, password: $p, email: $e) { user { id } } }',
            n=name, p='correct horse ' + name, e=name.replace(' ', '') + '@example.com')
    if more:
        User.objects.filter(username=name).update(**more)

def hashed(name, algorithm):
    return make_password('correct horse ' + name, hasher=algorithm)

def scrypt(name):
    # As Django 4 and later do.
    key = hashlib.scrypt(('correct horse ' + name).encode(), salt=b'pepper', n=2**14, r=8, p=1, dklen=64)
    return 'scrypt$%d$pepper$%d$%d$%s' % (2**14, 8, 1, base64.b64encode(key).decode())

User.objects.create_superuser('admin', 'admin@example.com', 'correct horse admin')
sign_up('ada', first_name='Ada', last_name='Nakamura')
sign_up('grace', password=hashed('grace', 'argon2'))
sign_up('linus', password=hashed('linus', 'bcrypt_sha256'))
sign_up('edsger', password=scrypt('edsger'))
sign_up('frances', password=hashed('frances', 'pbkdf2_sha1'))
sign_up('ken', password=hashed('ken', 'bcrypt'))
sign_up('staffer', is_staff=True)
sign_up('gone', is_active=False)
sign_up('oauth', password=make_password(None))
sign_up('\\ufb01ona')                          # which is fiona in normal form
sign_up('fiona')
sign_up('No Name')
sign_up('slow', password='pbkdf2_sha256$1000000000$pepper$' + base64.b64encode(b'x' * 32).decode())
sign_up('old', password=hashed('old', 'md5'))
sign_up('leaver')
sign_up('m\\u00e9lanie')
User.objects.get(username='leaver').delete()

def post(url, name, description=''):
    execute('mutation ($u: String, $d: String) { createLink(url: $u, description: $d) { id } }',
            name and User.objects.get(username=name), u=url, d=description)

post('https://www.djangoproject.com/', 'admin', 'Where it came from')
post('https://www.postgresql.org/docs/', None)
post('http://ada.example/', 'ada', 'Zwölf "Boxkämpfer" \\U0001F3C3 \\\\ \\n jagen')
post('ftp://ftp.example.com/pub', 'ada', 'Django takes ftp')
post('javascript:alert(1)', 'grace')
post('https://nobody.example/', 'No Name', 'Its user is not taken')
post('https://long.example/' + 'x' * 170, 'linus')
post('https://deleted.example/', 'linus')
post('https://two.example/', 'fiona')
post('https://last.example/', 'm\\u00e9lanie')
Link.objects.get(url='https://deleted.example/').delete()

for name, link in [('ada', 1), ('ada', 1), ('grace', 1), ('ada', 2), ('admin', 1), ('ada', 1), ('No Name', 1),
                   ('grace', 4), ('gone', 3), ('\\ufb01ona', 3), ('fiona', 3), ('grace', 1), ('linus', 10)]:
    execute('mutation ($l: Int) { createVote(linkId: $l) { link { id } } }', User.objects.get(username=name), l=link)
Vote.objects.create(user=User.objects.get(username='ken'), link_id=9)
Vote.objects.latest('id').delete()
"""

SETTINGS = """
INSTALLED_APPS += ['graphene_django', 'links']
DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'
PASSWORD_HASHERS = ['django.contrib.auth.hashers.' + name for name in (
    'PBKDF2PasswordHasher', 'PBKDF2SHA1PasswordHasher', 'Argon2PasswordHasher', 'BCryptSHA256PasswordHasher',
    'BCryptPasswordHasher', 'MD5PasswordHasher')]
"""


def manage(*arguments, **options):
    subprocess.run([sys.executable, 'manage.py', *arguments], cwd=directory, check=True, **options)


environment = {**os.environ, 'PYTHONDONTWRITEBYTECODE': '1'}
directory.mkdir(parents=True, exist_ok=True)
subprocess.run([sys.executable, '-m', 'django', 'startproject', 'hackernews', str(directory)], check=True)
manage('startapp', 'links')
settings = SETTINGS
if database:
    host, name, user = database
    settings += f"DATABASES = {{'default': {{'ENGINE': 'django.db.backends.postgresql', 'HOST': {host!r}, 'NAME': {name!r}, 'USER': {user!r}}}}}\n"
with open(directory / 'hackernews/settings.py', 'a') as file:
    file.write(settings)
(directory / 'links/models.py').write_text(MODELS)
(directory / 'hackernews/schema.py').write_text(SCHEMA)
manage('makemigrations', 'links', '--verbosity', '0')
manage('migrate', '--verbosity', '0')
manage('shell', input=FILL.encode())
manage('dumpdata', '--indent', '1', '--output', 'dump.json')
