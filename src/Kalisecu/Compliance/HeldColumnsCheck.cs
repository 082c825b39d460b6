using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Compliance;

/// <summary>Clause DATA-2: what the database can hold about who somebody is, is what the policy says and nothing more.</summary>
internal sealed class HeldColumnsCheck(DatabaseCatalogue catalogue, IDbContextFactory<KalisecuDb> contexts)
    : IClauseCheck
{
    /// <summary>The clause's own list in the words of the columns: who asks, the company, the site and its test credentials,
    /// and who signed. Text that somebody wrote (subjects, reasons) is no field of a request.</summary>
    private static readonly HashSet<string> Allowed = new(StringComparer.Ordinal)
    {
        "name",
        "first_name",
        "last_name",
        "display_name",
        "email",
        "phone",
        "function",
        "role",
        "language",
        "company_name",
        "company_address",
        "website_url",
        "technologies",
        "login_url",
        "user_name",
        "secret",
        "signer_name",
        "signer_email",
        "signer_function",
        "recipient",
        "contact_time",
    };

    private static readonly DataCategory[] OfRequests =
    [
        DataCategory.Identity,
        DataCategory.Contact,
        DataCategory.Professional,
    ];

    public string ClauseId => "DATA-2";

    public string Name => "held-columns";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var mapped = db
            .Model.GetEntityTypes()
            .SelectMany(e => e.GetFlattenedProperties().Select(p => $"{e.GetTableName()}.{p.GetColumnName()}"))
            .ToHashSet(StringComparer.Ordinal);
        var tables = db.Model.GetEntityTypes().Select(e => e.GetTableName()).ToHashSet(StringComparer.Ordinal);
        var real = await catalogue.ListAsync(HeldColumnsSql.All, cancellationToken);
        var unknown = real.Where(c =>
                !mapped.Contains(c) && tables.Contains(c[..c.IndexOf('.', StringComparison.Ordinal)])
            )
            .ToList();
        if (unknown.Count > 0)
        {
            return ClauseFinding.Broken(
                $"{string.Join(", ", unknown)} can hold data, and nobody classified it.",
                ("unclassified", unknown.Count)
            );
        }

        var held = ProcessingActivity
            .PersonalColumns(db.Model)
            .Where(c => OfRequests.Contains(c.Class.Category) && c.Class.Person is not PersonKind.Staff)
            // What the law demands to record, such as who made a privacy request, is no part of what a client asks for.
            .Where(c => c.Class.Basis is not LegalBasis.LegalObligation)
            // An identifier of ours says nothing but that it is the same person.
            .Where(c => !c.Column.EndsWith("_id", StringComparison.Ordinal))
            .ToList();
        var more = held.Where(c => !Allowed.Contains(c.Column)).Select(c => $"{c.Table}.{c.Column}").ToList();
        return more.Count > 0
            ? ClauseFinding.Broken($"The policy does not speak of {string.Join(", ", more)}.", ("columns", held.Count))
            : ClauseFinding.Holds(
                $"All {held.Count} columns about who somebody is are on the policy's list, and all {real.Count} columns of the "
                    + "database are classified or belong to its machinery.",
                ("columns", held.Count),
                ("all_columns", real.Count)
            );
    }
}
