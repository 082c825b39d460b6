using System.ComponentModel.DataAnnotations;

namespace Kalisecu.Hosting;

/// <summary>What a server process needs to know.</summary>
internal sealed class ServerSettings : ProcessSettings
{
    /// <summary>The trust domain of our SPIFFE names, such as kalisecu.fr.</summary>
    [Required]
    public string TrustDomain { get; set; } = "kalisecu.local";

    [Required]
    public ListenSettings Listen { get; set; } = new();

    [Required]
    public CertificateSettings Certificates { get; set; } = new();

    [Required]
    public ReceiptSettings Receipts { get; set; } = new();

    [Required]
    public AgentSettings Agents { get; set; } = new();

    internal sealed class ListenSettings
    {
        /// <summary>The address to listen on.</summary>
        public string Address { get; set; } = "127.0.0.1";

        /// <summary>Mutual TLS; 0 lets the system choose.</summary>
        [Range(0, 65535)]
        public int Port { get; set; } = 7443;

        /// <summary>Enrolment of agents, server TLS only; 0 lets the system choose.</summary>
        [Range(0, 65535)]
        public int EnrolmentPort { get; set; } = 7444;
    }

    internal sealed class CertificateSettings
    {
        /// <summary>PEM of the authority that vouches for servers, frontends, workers and operators.</summary>
        [Required]
        public string ServicesAuthority { get; set; } = "";

        /// <summary>PEM of the authority that vouches for agents.</summary>
        [Required]
        public string AgentsAuthority { get; set; } = "";

        /// <summary>The agents' authority's private key: this process signs their certificates.</summary>
        [Required]
        public string AgentsAuthorityKey { get; set; } = "";

        [Required]
        public string Server { get; set; } = "";

        [Required]
        public string ServerKey { get; set; } = "";
    }

    internal sealed class ReceiptSettings
    {
        /// <summary>PEM of the private key (P-256) that consent receipts are signed with.</summary>
        [Required]
        public string SigningKey { get; set; } = "";

        /// <summary>PEM of the public keys that receipts were signed with before; empty when there are none.</summary>
        public string FormerKeys { get; set; } = "";
    }

    internal sealed class AgentSettings
    {
        /// <summary>How long an agent's certificate lasts; the agent renews it at two thirds.</summary>
        [Range(1, 720)]
        public int CertificateHours { get; set; } = 24;

        /// <summary>How long an enrolment token can be used.</summary>
        [Range(1, 168)]
        public int EnrolmentTokenHours { get; set; } = 24;

        /// <summary>How long an agent keeps a scan without a word.</summary>
        [Range(1, 120)]
        public int LeaseMinutes { get; set; } = 10;

        /// <summary>How many scans one agent pushes at once; some more wait for their turn.</summary>
        [Range(1, 64)]
        public int PushesAtOnce { get; set; } = 4;

        /// <summary>How many pushes of all agents this process has open at once, those that wait for their turn included.</summary>
        [Range(1, 10_000)]
        public int PushStreams { get; set; } = 256;

        /// <summary>How much of all pushes together may wait in memory to be written, in MB; agents wait beyond it.</summary>
        [Range(8, 4096)]
        public int PushMegabytes { get; set; } = 24;
    }
}
