from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_create_visits")]
    operations = [migrations.AddField("Visit", "seen_at", models.DateTimeField(null=True))]
