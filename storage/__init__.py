"""What has irrevocably happened: tables, repositories, migrations, and clips by content hash.

`tables` shows the whole data model; `database.Database` opens it and gives the core its `WorkFactory`; one module each
for the repositories of `bot.ports`; `migrate` brings a database to this version; `clips.LocalClips` keeps media files.
"""
