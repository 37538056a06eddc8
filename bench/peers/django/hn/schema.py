# schema.py - written as the tutorial of howtographql.com has it: types straight from the models, slices in
# the resolver, no data loader; with the arguments that the workloads of bench/compare give.
#
# SPDX-License-Identifier: MIT
import graphene
from graphene_django import DjangoObjectType

from . import models


class User(DjangoObjectType):
    class Meta:
        model = models.User


class Link(DjangoObjectType):
    class Meta:
        model = models.Link


class Vote(DjangoObjectType):
    class Meta:
        model = models.Vote


class SortDirection(graphene.Enum):
    ASC = "ASC"
    DESC = "DESC"


class LinkOrder(graphene.InputObjectType):
    created_at = SortDirection()


class Query(graphene.ObjectType):
    link = graphene.Field(Link, id=graphene.ID(required=True))
    links = graphene.List(Link, first=graphene.Int(), order_by=graphene.List(LinkOrder))

    def resolve_link(self, info, id):
        return models.Link.objects.filter(pk=id).first()

    def resolve_links(self, info, first=100, order_by=()):
        orders = [("-" if order["created_at"] == "DESC" else "") + "created_at" for order in order_by]
        return models.Link.objects.order_by(*(orders or ["-created_at"]), "-id")[:first]


class CreateLink(graphene.Mutation):
    id = graphene.Int()
    url = graphene.String()
    description = graphene.String()

    class Arguments:
        url = graphene.String(required=True)
        description = graphene.String()

    def mutate(self, info, url, description=""):
        link = models.Link(url=url, description=description, posted_by_id=1)
        link.save()
        return CreateLink(id=link.id, url=link.url, description=link.description)


class Mutation(graphene.ObjectType):
    create_link = CreateLink.Field()


schema = graphene.Schema(query=Query, mutation=Mutation)
