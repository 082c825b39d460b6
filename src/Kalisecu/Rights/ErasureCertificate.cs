using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.PrivacyRequests;
using Kalisecu.Time;

namespace Kalisecu.Rights;

/// <summary>What the person is given at the end of an erasure: what went, what stays, why and until when.</summary>
internal sealed class ErasureCertificate(RequestLetters letters)
{
    public Task PostAsync(
        KalisecuDb db,
        PrivacyRequest request,
        ErasedData erased,
        CancellationToken cancellationToken
    ) =>
        letters.PostAsync(
            db,
            request,
            "erasure-certificate",
            erased.Erasure.ErasureId.ToString("D"),
            Values(erased, request.Language),
            recipient: null,
            cancellationToken
        );

    private static Dictionary<string, object?> Values(ErasedData erased, Language language)
    {
        var (erasure, steps, recipients) = erased;
        var kept = steps
            .SelectMany(s => KeptJson.Read(s.Kept).Select(k => (s.Store, Rows: k)))
            .Select(k => new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["name"] = ExportLabels.Of(k.Store, language),
                ["count"] = k.Rows.Count,
                ["exception"] = ExceptionOf(k.Rows.Exception, language),
                ["until"] = k.Rows.Until is { } until
                    ? until
                    : ExportWords.In(language, "tant que cette obligation dure", "as long as this duty lasts"),
            })
            .ToList();
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["certificate"] = erasure.ErasureId.ToString("D"),
            ["erased"] = Paris.DateOf(erasure.CompleteTime!.Value),
            ["stores"] = steps
                .Where(s => s.ErasedCount > 0)
                .Select(s => new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["name"] = ExportLabels.Of(s.Store, language),
                    ["count"] = s.ErasedCount,
                })
                .ToList(),
            ["has_kept"] = kept.Count > 0,
            ["kept"] = kept,
            ["has_recipients"] = recipients.Count > 0,
            ["recipients"] = recipients,
        };
    }

    // GDPR art. 17(3)(b) and (e); another exception is named by its number alone.
    private static string ExceptionOf(string exception, Language language) =>
        exception switch
        {
            "17(3)(b)" => ExportWords.In(
                language,
                "obligation légale (RGPD, art. 17.3.b)",
                "legal obligation (GDPR art. 17(3)(b))"
            ),
            "17(3)(e)" => ExportWords.In(
                language,
                "preuve pour la défense de droits en justice (RGPD, art. 17.3.e)",
                "proof for legal claims (GDPR art. 17(3)(e))"
            ),
            _ => exception,
        };
}

/// <summary>What a certificate tells of.</summary>
/// <param name="Recipients">Who is told of the erasure, by name.</param>
internal sealed record ErasedData(Erasure Erasure, IReadOnlyList<ErasureStep> Steps, IReadOnlyList<string> Recipients);
