"""What has irrevocably happened: tables, repositories, migrations, and clips by content hash.

`tables` shows the whole data model; `database.Database` opens it and gives the core its `WorkFactory`; one module each
for the repositories of `bot.ports`; `migrate` brings a database to this version; media files are kept by
`clips.LocalClips` in a folder, by `clips_s3.S3Clips` in a bucket.
"""
