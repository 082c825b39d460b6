using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>What a correction did.</summary>
internal sealed record Rectification(Guid RectificationId, IReadOnlyList<RectifiedField> Fields, int Recipients);

/// <summary>Corrects a person's data, field by field, in every store that holds it (GDPR art. 16), and tells the recipients.</summary>
internal sealed class RectifyPerson(
    PersonStores stores,
    RecipientNotices notices,
    KeyRing keys,
    EvidenceLog evidence,
    IClock clock
)
{
    private const string DigestOf = "rectification";

    public async Task<Rectification> RunAsync(
        KalisecuDb db,
        RightsCase rights,
        IReadOnlyDictionary<PersonField, string> values,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var id = Ids.New(now);
        var knownAs = await notices.KnownAsAsync(db, rights.Person, cancellationToken);
        var old = await OldValuesAsync(db, rights.Person, cancellationToken);
        var fields = new List<RectifiedField>();
        foreach (var (field, value) in values.OrderBy(v => v.Key))
        {
            var count = 0;
            foreach (var store in stores.All)
            {
                count += await store.RectifyAsync(
                    db,
                    rights.Person,
                    new Dictionary<PersonField, string> { [field] = value },
                    cancellationToken
                );
            }

            if (count > 0)
            {
                var before = old.TryGetValue(field, out var held) ? Digest(field, held) : null;
                fields.Add(RectifiedField.Of(rights, id, field, before, Digest(field, value), count, now));
            }
        }

        if (fields.Count == 0)
        {
            throw RightsErrors.NothingToRectify();
        }

        db.AddRange(fields);
        await db.SaveChangesAsync(cancellationToken);
        var corrected = fields.ToDictionary(f => f.Field, f => values[f.Field]);
        var told = await notices.WriteAsync(
            db,
            rights,
            new NoticeFacts(NoticeCause.Rectification, id, knownAs, corrected),
            cancellationToken
        );
        await evidence.AppendAsync(
            db,
            "person.rectified",
            id,
            rights.Actor,
            Facts(rights, fields, told.Count),
            cancellationToken
        );
        return new Rectification(id, fields, told.Count);
    }

    private static Dictionary<string, object?> Facts(RightsCase rights, List<RectifiedField> fields, int recipients)
    {
        var facts = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["privacy_request"] = rights.PrivacyRequestId.ToString("D"),
            ["recipients"] = recipients,
        };
        foreach (var field in fields)
        {
            var name = PersonFields.ColumnOf(field.Field);
            facts[name + ".old"] = field.OldDigest is { } old ? Convert.ToHexStringLower(old) : null;
            facts[name + ".new"] = Convert.ToHexStringLower(field.NewDigest);
            facts[name + ".count"] = field.ChangeCount;
        }

        return facts;
    }

    private byte[] Digest(PersonField field, string value) => keys.Hash($"{DigestOf}/{field}", value);

    /// <summary>The values that stand now, read from the stores that have such columns; all of one field in one text.</summary>
    private async Task<Dictionary<PersonField, string>> OldValuesAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<PersonField, SortedSet<string>>();
        foreach (var store in stores.All.Where(s => PersonFields.AreIn(db, s)))
        {
            await foreach (var record in store.CollectAsync(db, person, cancellationToken))
            {
                foreach (var value in record.Values)
                {
                    if (PersonFields.Of(value.Name) is { } field && value.Value is string text)
                    {
                        (
                            found.TryGetValue(field, out var texts)
                                ? texts
                                : found[field] = new SortedSet<string>(StringComparer.Ordinal)
                        ).Add(text);
                    }
                }
            }
        }

        return found.ToDictionary(f => f.Key, f => string.Join('\n', f.Value));
    }
}

/// <summary>Fields that can be corrected, as columns name them.</summary>
internal static class PersonFields
{
    public static string ColumnOf(PersonField field) =>
        field switch
        {
            PersonField.FirstName => "first_name",
            PersonField.LastName => "last_name",
            PersonField.Email => "email",
            PersonField.Function => "function",
            PersonField.Phone => "phone",
            _ => throw new InvalidOperationException($"No column for {field}."),
        };

    public static PersonField? Of(string column) =>
        Enum.GetValues<PersonField>()
            .Where(f => column.EndsWith(ColumnOf(f), StringComparison.Ordinal))
            .Select(f => (PersonField?)f)
            .FirstOrDefault();

    public static bool AreIn(KalisecuDb db, IPersonStore store) =>
        db
            .Model.GetEntityTypes()
            .Where(e => e.GetTableName() is { } table && store.Tables.Contains(table, StringComparer.Ordinal))
            .SelectMany(e => e.GetFlattenedProperties())
            .Any(p => Of(p.GetColumnName()) is not null);
}
