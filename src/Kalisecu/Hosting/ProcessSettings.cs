using System.ComponentModel.DataAnnotations;
using Kalisecu.Breaches;
using Kalisecu.Compliance;
using Kalisecu.Letters;

namespace Kalisecu.Hosting;

/// <summary>What every process of ours needs to know; secrets arrive as paths of files.</summary>
internal abstract class ProcessSettings
{
    /// <summary>The connection string of the process's own role, without its password.</summary>
    [Required]
    public string Database { get; set; } = "";

    /// <summary>A file that holds that role's password.</summary>
    [Required]
    public string DatabasePasswordFile { get; set; } = "";

    [Required]
    public KeySettings Keys { get; set; } = new();

    [Required]
    public ObjectSettings Objects { get; set; } = new();

    /// <summary>Who answers for the data; the defaults are clause CTRL-1.</summary>
    [Required]
    public ControllerProfile Controller { get; set; } = new();

    /// <summary>Who is alarmed about breaches, and what the CNIL asks about us.</summary>
    [Required]
    public BreachOptions Breaches { get; set; } = new();

    [Required]
    public ErasureSettings Erasures { get; set; } = new();

    internal sealed class ErasureSettings
    {
        /// <summary>Where the journal of erasures is; outside the database and its backups, the same for all processes.</summary>
        [Required]
        public string JournalFolder { get; set; } = "";
    }

    /// <summary>Where our machines are; judged by the residency guard.</summary>
    [Required]
    public ResidencySettings Residency { get; set; } = new();

    internal sealed class KeySettings
    {
        /// <summary>Where the wrapped data keys are; outside the database and its backups.</summary>
        [Required]
        public string Folder { get; set; } = "";

        /// <summary>64 hexadecimal digits: a systemd credential or a mounted secret.</summary>
        [Required]
        public string KeyEncryptionKeyFile { get; set; } = "";
    }

    internal sealed class ObjectSettings
    {
        /// <summary>Where encrypted documents and reports are.</summary>
        [Required]
        public string Folder { get; set; } = "";
    }
}
