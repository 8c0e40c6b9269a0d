"""Sensors, places and the descriptions that SensorThings asks of things and datastreams."""

from __future__ import annotations

import django.contrib.gis.db.models.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sensing", "0004_cleaning")]

    operations = [
        migrations.CreateModel(
            name='FeatureOfInterest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('domain', models.CharField(max_length=16, verbose_name='domain')),
                ('division', models.CharField(blank=True, max_length=12, verbose_name='division code')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('description', models.CharField(blank=True, max_length=1000, verbose_name='description')),
                ('encoding_type', models.CharField(default='application/geo+json', max_length=80, verbose_name='encoding')),
                ('geometry', django.contrib.gis.db.models.fields.GeometryField(srid=4326, verbose_name='place')),
                ('properties', models.JSONField(blank=True, default=dict, verbose_name='properties')),
            ],
            options={
                'verbose_name': 'feature of interest',
                'verbose_name_plural': 'features of interest',
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Sensor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('domain', models.CharField(max_length=16, verbose_name='domain')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('description', models.CharField(blank=True, max_length=1000, verbose_name='description')),
                ('encoding_type', models.CharField(blank=True, max_length=80, verbose_name='encoding')),
                ('metadata', models.JSONField(blank=True, null=True, verbose_name='data sheet')),
                ('properties', models.JSONField(blank=True, default=dict, verbose_name='properties')),
            ],
            options={
                'verbose_name': 'sensor',
                'verbose_name_plural': 'sensors',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='datastream',
            name='description',
            field=models.CharField(blank=True, max_length=1000, verbose_name='description'),
        ),
        migrations.AddField(
            model_name='datastream',
            name='name',
            field=models.CharField(blank=True, max_length=200, verbose_name='name'),
        ),
        migrations.AddField(
            model_name='datastream',
            name='properties',
            field=models.JSONField(blank=True, default=dict, verbose_name='properties'),
        ),
        migrations.AddField(
            model_name='datastream',
            name='unit_given',
            field=models.JSONField(blank=True, default=dict, help_text='Name, symbol and definition.', verbose_name='unit as given'),
        ),
        migrations.AddField(
            model_name='observedproperty',
            name='description',
            field=models.CharField(blank=True, max_length=1000, verbose_name='description'),
        ),
        migrations.AddField(
            model_name='observedproperty',
            name='properties',
            field=models.JSONField(blank=True, default=dict, verbose_name='properties'),
        ),
        migrations.AddField(
            model_name='thing',
            name='active',
            field=models.BooleanField(default=True, verbose_name='active'),
        ),
        migrations.AddField(
            model_name='thing',
            name='description',
            field=models.CharField(blank=True, max_length=1000, verbose_name='description'),
        ),
        migrations.AddField(
            model_name='thing',
            name='properties',
            field=models.JSONField(blank=True, default=dict, verbose_name='properties'),
        ),
        migrations.AlterField(
            model_name='datastream',
            name='observed_property',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='datastreams', to='sensing.observedproperty', verbose_name='observed property'),
        ),
        migrations.AlterField(
            model_name='observedproperty',
            name='definition',
            field=models.CharField(blank=True, max_length=500, verbose_name='definition'),
        ),
        migrations.AlterField(
            model_name='observedproperty',
            name='name',
            field=models.CharField(max_length=120, unique=True, verbose_name='name'),
        ),
        migrations.AddField(
            model_name='datastream',
            name='feature',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='datastreams', to='sensing.featureofinterest', verbose_name='feature of interest'),
        ),
        migrations.CreateModel(
            name='Location',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('domain', models.CharField(max_length=16, verbose_name='domain')),
                ('division', models.CharField(blank=True, max_length=12, verbose_name='division code')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('description', models.CharField(blank=True, max_length=1000, verbose_name='description')),
                ('encoding_type', models.CharField(default='application/geo+json', max_length=80, verbose_name='encoding')),
                ('geometry', django.contrib.gis.db.models.fields.GeometryField(srid=4326, verbose_name='place')),
                ('properties', models.JSONField(blank=True, default=dict, verbose_name='properties')),
                ('things', models.ManyToManyField(related_name='locations', to='sensing.thing', verbose_name='things')),
            ],
            options={
                'verbose_name': 'location',
                'verbose_name_plural': 'locations',
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='HistoricalLocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('time', models.DateTimeField(verbose_name='time')),
                ('thing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='historical_locations', to='sensing.thing', verbose_name='thing')),
                ('locations', models.ManyToManyField(related_name='historical_locations', to='sensing.location', verbose_name='locations')),
            ],
            options={
                'verbose_name': 'historical location',
                'verbose_name_plural': 'historical locations',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='datastream',
            name='sensor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='datastreams', to='sensing.sensor', verbose_name='sensor'),
        ),
    ]
