from django.db import models


class Visit(models.Model):
    seen_at = models.DateTimeField(null=True)
