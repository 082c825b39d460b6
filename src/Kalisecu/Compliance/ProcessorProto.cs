using System.Text.RegularExpressions;
using Google.Protobuf;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Compliance;

internal static partial class ProcessorProto
{
    private const int MaximumHosts = 50;

    public static ProcessorDraft Read(V1.SetProcessorRequest request)
    {
        var violations = new Violations();
        violations.Check(Name().IsMatch(request.Name), "name", "must have 2 to 40 characters of a-z, 0-9 and hyphen");
        violations.Check(Country().IsMatch(request.Country), "country", "must be two capital letters, such as FR");
        violations.Check(
            request.Hosts.Count <= MaximumHosts && request.Hosts.All(h => h.Length <= 253 && Host().IsMatch(h)),
            "hosts",
            $"must be up to {MaximumHosts} names in small letters, such as api.example.fr or *.example.fr"
        );
        violations.Check(
            request.PrivacyContact.Length == 0
                || (request.PrivacyContact.Length <= 254 && Address().IsMatch(request.PrivacyContact)),
            "privacy_contact",
            "must be an e-mail address, or empty"
        );
        violations.Check(request.Purposes.Count > 0, "purposes", "must name one or more");
        var draft = new ProcessorDraft(
            request.Name,
            Fields.Text(request.LegalName, "legal_name", 1, 200, violations),
            ReadRole(request.Role, violations),
            request.Country,
            [.. request.Purposes.Select(p => ReadPurpose(p, violations)).Distinct().Order()],
            [.. request.Hosts.Distinct(StringComparer.Ordinal)],
            Fields.Text(request.Adequacy, "adequacy", 0, 500, violations),
            request.PrivacyContact
        );
        violations.ThrowIfAny();
        return draft;
    }

    public static LocalDate ReadAgreementDate(V1.AgreementHeader header, LocalDate today)
    {
        var violations = new Violations();
        var isDate = LocalDatePattern.Iso.Parse(header.AgreementDate).TryGetValue(default, out var date);
        violations.Check(
            isDate && date <= today && date.Year >= 2000,
            "agreement_date",
            "must be a date such as 2026-05-04, not in the future"
        );
        violations.ThrowIfAny();
        return date;
    }

    public static string ReadReason(V1.EndProcessorRequest request)
    {
        var violations = new Violations();
        var reason = Fields.Text(request.Reason, "reason", 1, 500, violations);
        violations.ThrowIfAny();
        return reason;
    }

    public static V1.Processor Write(Processor processor)
    {
        var written = new V1.Processor
        {
            Name = processor.Name,
            Version = (uint)processor.Version,
            LegalName = processor.LegalName,
            Role = processor.Role switch
            {
                ProcessorRole.Hosting => V1.ProcessorRole.Hosting,
                ProcessorRole.Payment => V1.ProcessorRole.Payment,
                ProcessorRole.Email => V1.ProcessorRole.Email,
                ProcessorRole.Signature => V1.ProcessorRole.Signature,
                ProcessorRole.Other => V1.ProcessorRole.Other,
                _ => throw new InvalidOperationException($"No role of a processor: {processor.Role}"),
            },
            Country = processor.Country,
            Purposes = { processor.Purposes.Select(Write) },
            Hosts = { processor.Hosts },
            Adequacy = processor.Adequacy,
            PrivacyContact = processor.PrivacyContact,
            AgreementDate = processor.AgreementDate is { } date ? LocalDatePattern.Iso.Format(date) : "",
            AgreementDigest = ByteString.CopyFrom(processor.AgreementDigest ?? []),
            AgreementSizeBytes = (ulong)(processor.AgreementSizeBytes ?? 0),
            StartTime = Fields.Write(processor.StartTime),
        };
        if (processor.EndTime is { } ended)
        {
            written.EndTime = Fields.Write(ended);
        }

        return written;
    }

    private static ProcessorRole ReadRole(V1.ProcessorRole role, Violations violations) =>
        role switch
        {
            V1.ProcessorRole.Hosting => ProcessorRole.Hosting,
            V1.ProcessorRole.Payment => ProcessorRole.Payment,
            V1.ProcessorRole.Email => ProcessorRole.Email,
            V1.ProcessorRole.Signature => ProcessorRole.Signature,
            V1.ProcessorRole.Other => ProcessorRole.Other,
            _ => Bad("role", ProcessorRole.Other, violations),
        };

    private static Purpose ReadPurpose(V1.ProcessingPurpose purpose, Violations violations) =>
        purpose switch
        {
            V1.ProcessingPurpose.Service => Purpose.Service,
            V1.ProcessingPurpose.Invoicing => Purpose.Invoicing,
            V1.ProcessingPurpose.Communication => Purpose.Communication,
            V1.ProcessingPurpose.Support => Purpose.Support,
            V1.ProcessingPurpose.Improvement => Purpose.Improvement,
            V1.ProcessingPurpose.Security => Purpose.Security,
            _ => Bad("purposes", Purpose.Service, violations),
        };

    private static V1.ProcessingPurpose Write(Purpose purpose) =>
        purpose switch
        {
            Purpose.Service => V1.ProcessingPurpose.Service,
            Purpose.Invoicing => V1.ProcessingPurpose.Invoicing,
            Purpose.Communication => V1.ProcessingPurpose.Communication,
            Purpose.Support => V1.ProcessingPurpose.Support,
            Purpose.Improvement => V1.ProcessingPurpose.Improvement,
            Purpose.Security => V1.ProcessingPurpose.Security,
            _ => throw new InvalidOperationException($"No purpose: {purpose}"),
        };

    private static T Bad<T>(string field, T instead, Violations violations)
    {
        violations.Add(field, "must be one of the named values");
        return instead;
    }

    [GeneratedRegex(@"\A[a-z0-9-]{2,40}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Z]{2}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Country();

    [GeneratedRegex(
        @"\A[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Address();

    // At least two labels: a pattern for a whole top-level domain would let everybody in.
    [GeneratedRegex(
        @"\A(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Host();
}
