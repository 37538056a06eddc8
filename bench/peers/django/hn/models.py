# models.py - the tables of Linnet's example, as far as the workloads of bench/compare go.
#
# SPDX-License-Identifier: MIT
from django.db import models


class User(models.Model):
    username = models.TextField(unique=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    class Meta:
        managed = False
        db_table = "users"


class Link(models.Model):
    url = models.TextField()
    description = models.TextField()
    posted_by = models.ForeignKey(User, null=True, on_delete=models.CASCADE, db_column="posted_by",
                                  related_name="links")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        managed = False
        db_table = "links"


class Vote(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="votes")
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="votes")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        managed = False
        db_table = "votes"
        ordering = ["created_at", "id"]
