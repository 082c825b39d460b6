namespace Kalisecu.Rights;

/// <summary>What an export says before the data. Names become camelCase in its JSON.</summary>
internal sealed record ExportHeader(
    string Kind,
    string Language,
    string ExportId,
    DateTime CreateTime,
    ExportPerson Person,
    ExportController Controller,
    ExportInformation? Information
);

/// <summary>Whose data it is.</summary>
internal sealed record ExportPerson(string PersonId, string Kind, string Name, string Email);

/// <summary>Who answers for the data (clause CTRL-1).</summary>
internal sealed record ExportController(string Name, string Address, string Siren, string Email);

/// <summary>GDPR art. 15(1), made for this person; every text in the export's language.</summary>
/// <param name="Confirmation">That data about the person is processed, or that none is.</param>
/// <param name="Rights">Art. 15(1)(e): rectification, erasure, restriction, objection.</param>
/// <param name="Complaint">Art. 15(1)(f).</param>
/// <param name="AutomatedDecisions">Art. 15(1)(h).</param>
internal sealed record ExportInformation(
    string Confirmation,
    IReadOnlyList<ExportProcessing> Processing,
    IReadOnlyList<ExportRecipient> Recipients,
    string Transfers,
    string Rights,
    string Complaint,
    string AutomatedDecisions
);

/// <summary>One purpose for which data of this person is held: art. 15(1)(a), (b), (d) and (g).</summary>
internal sealed record ExportProcessing(
    string Purpose,
    string Basis,
    IReadOnlyList<string> Categories,
    IReadOnlyList<string> Retention,
    IReadOnlyList<string> Sources
);

/// <summary>A recipient by name, not by category (CJEU C-154/21).</summary>
internal sealed record ExportRecipient(string Name, string Country, string Role);
