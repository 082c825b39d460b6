using System.ComponentModel.DataAnnotations;
using Kalisecu.Outbox;
using NodaTime;

namespace Kalisecu.Breaches;

/// <summary>Who is alarmed about breaches, and what the CNIL asks about us beside the controller's profile.</summary>
internal sealed class BreachOptions
{
    /// <summary>E-mail addresses that alarms go to; none: the data-protection officer and the controller's own address.</summary>
    [MaxLength(20)]
    public IReadOnlyList<string> Recipients { get; set; } = [];

    /// <summary>E-mail addresses for alarms that nobody acknowledges, beside the recipients; none: the controller's own.</summary>
    [MaxLength(20)]
    public IReadOnlyList<string> Escalation { get; set; } = [];

    /// <summary>How long an alarm waits for somebody to acknowledge it: early enough that a person can still act.</summary>
    [Range(5, 720)]
    public int EscalateAfterMinutes { get; set; } = 60;

    public Language Language { get; set; } = Language.Fr;

    /// <summary>The value-added tax number of the controller.</summary>
    public string VatNumber { get; set; } = "";

    /// <summary>What the controller does.</summary>
    public string Sector { get; set; } = "Audit et surveillance de la sécurité de sites web";

    /// <summary>How many people the controller employs; 0 while nobody said.</summary>
    [Range(0, 1_000_000)]
    public int StaffCount { get; set; }

    /// <summary>The name of the legal representative.</summary>
    public string LegalRepresentative { get; set; } = "";

    /// <summary>The name of the person whom the CNIL calls.</summary>
    public string ContactName { get; set; } = "";

    /// <summary>Their function.</summary>
    public string ContactFunction { get; set; } = "Délégué à la protection des données";

    /// <summary>Their telephone number.</summary>
    public string ContactPhone { get; set; } = "";

    public Duration EscalateAfter => Duration.FromMinutes(EscalateAfterMinutes);
}
