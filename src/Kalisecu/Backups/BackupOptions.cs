using System.ComponentModel.DataAnnotations;

namespace Kalisecu.Backups;

/// <summary>
/// How backups are taken, where they go and where they are tried. Read by the backup-verification worker, which runs on the
/// database's machine; secrets are paths of files.
/// </summary>
internal sealed class BackupOptions
{
    /// <summary>The user that PostgreSQL runs as; a worker that runs as root becomes it for all it does with PostgreSQL's files.</summary>
    [Required]
    public string User { get; set; } = "postgres";

    /// <summary>The data folder of the PostgreSQL that is backed up; empty where this process takes no backups.</summary>
    public string ClusterFolder { get; set; } = "";

    /// <summary>How PostgreSQL's superuser connects on this machine, without its password: a physical backup reads everything.</summary>
    public string Superuser { get; set; } = "";

    /// <summary>A file with the superuser's password; empty where PostgreSQL asks for none (peer).</summary>
    public string SuperuserPasswordFile { get; set; } = "";

    /// <summary>Our own folder: pgBackRest's configuration, locks and spool, and the scratch server of verifications.</summary>
    public string WorkFolder { get; set; } = "";

    /// <summary>A file with the passphrase of the repository. Whoever loses it has no backups.</summary>
    public string PassphraseFile { get; set; } = "";

    [Required]
    public RepositorySettings Repository { get; set; } = new();

    /// <summary>Where the copies of objects, wrapped keys and the journal of erasures go; on another disk than they are.</summary>
    public string CopyFolder { get; set; } = "";

    /// <summary>Folders whose files are copied sealed with the key-encryption key: certificates, passwords.</summary>
    public IList<string> SealedFolders { get; set; } = [];

    /// <summary>Where PostgreSQL's programs are.</summary>
    [Required]
    public string PostgresPrograms { get; set; } = "/usr/lib/postgresql/15/bin";

    public bool IsConfigured => ClusterFolder.Length > 0;

    /// <summary>pgBackRest's configuration: PostgreSQL's archive command and every restore read it.</summary>
    public string ConfigurationFile => Path.Combine(WorkFolder, "pgbackrest.conf");

    public string ScratchFolder => Path.Combine(WorkFolder, "scratch");

    /// <summary>Where the encrypted repository is: a folder, or a bucket when its name is given.</summary>
    internal sealed class RepositorySettings
    {
        /// <summary>A folder on another disk than the database's; inside the bucket, the path.</summary>
        public string Folder { get; set; } = "";

        public string S3Bucket { get; set; } = "";

        /// <summary>The host of the object storage, such as s3.fr-par.scw.cloud: one of the register of processors.</summary>
        public string S3Endpoint { get; set; } = "";

        public string S3Region { get; set; } = "";

        /// <summary>A file with the access key's name.</summary>
        public string S3KeyFile { get; set; } = "";

        /// <summary>A file with the access key's secret.</summary>
        public string S3SecretFile { get; set; } = "";

        /// <summary>PEM of the authority that vouches for an endpoint of one's own; empty: the system's.</summary>
        public string S3AuthorityFile { get; set; } = "";

        public bool IsS3 => S3Bucket.Length > 0;
    }
}
