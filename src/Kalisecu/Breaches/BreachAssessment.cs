using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kalisecu.Breaches;

internal enum BreachNature
{
    Confidentiality,
    Integrity,
    Availability,
}

internal enum BreachOrigin
{
    EquipmentLost,
    PaperLost,
    MailLost,
    Hacking,
    PaperDiscarded,
    DeviceDiscarded,
    Publication,
    WrongPerson,
    WrongRecipient,
    Verbal,
    Other,
}

internal enum BreachCause
{
    InternalMalicious,
    InternalAccidental,
    ExternalMalicious,
    ExternalAccidental,
    Unknown,
    Other,
}

internal enum BreachData
{
    CivilStatus,
    Nir,
    Contact,
    Access,
    Financial,
    OfficialDocuments,
    Location,
    Offences,
    Unknown,
    Other,
}

internal enum BreachPersons
{
    Employees,
    Users,
    Members,
    Students,
    Military,
    Clients,
    Patients,
    Minors,
    Vulnerable,
    Undetermined,
    Other,
}

internal enum BreachHarm
{
    LossOfControl,
    LimitationOfRights,
    Discrimination,
    IdentityTheft,
    Fraud,
    ReversalOfPseudonymisation,
    FinancialLoss,
    Reputation,
    ProfessionalSecrecy,
    Other,
}

/// <summary>Rises with weight.</summary>
internal enum BreachSeverity
{
    Negligible,
    Limited,
    Significant,
    Maximal,
}

/// <summary>Rises with weight.</summary>
internal enum BreachRisk
{
    Unlikely,
    Risk,
    High,
}

/// <summary>What a breach concerns and how grave it is, in the terms of the CNIL's online notification; valid.</summary>
/// <param name="RecordCount">0 while it is not known.</param>
/// <param name="PersonCount">0 while it is not known.</param>
internal sealed record BreachAssessment(
    IReadOnlyList<BreachNature> Natures,
    BreachOrigin Origin,
    BreachCause Cause,
    IReadOnlyList<BreachData> Data,
    bool SensitiveData,
    long RecordCount,
    IReadOnlyList<BreachPersons> Persons,
    long PersonCount,
    string MeasuresBefore,
    string Consequences,
    IReadOnlyList<BreachHarm> Harms,
    BreachSeverity Severity,
    BreachRisk Risk,
    string MeasuresAfter,
    string OtherOrganisations,
    bool CrossBorder,
    string OtherNotifications
)
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>As it is sealed: the text of a form, for which no single field is ever searched.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static BreachAssessment Read(string json) =>
        JsonSerializer.Deserialize<BreachAssessment>(json, Json)
        ?? throw new InvalidOperationException("There is no assessment in what was sealed as one.");
}
