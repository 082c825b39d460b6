using System.ComponentModel.DataAnnotations;

namespace Kalisecu.Compliance;

/// <summary>Where the platform's own machines are, which no program can see for itself.</summary>
internal sealed class ResidencySettings
{
    /// <summary>The processor of the register that hosts our machines, such as <c>scaleway</c>; empty: nobody has said.</summary>
    public string HostedBy { get; set; } = "";

    /// <summary>Names of our own machines there, such as the database's; <c>*.</c> in front stands for all below. This machine
    /// (loopback, Unix sockets) needs no name.</summary>
    [MaxLength(100)]
    public string[] OwnHosts { get; set; } = [];
}
