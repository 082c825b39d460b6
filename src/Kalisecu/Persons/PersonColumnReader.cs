using Kalisecu.Keys;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace Kalisecu.Persons;

/// <summary>One column of an export, in clear.</summary>
/// <param name="Provided">GDPR art. 20: given by the person (or by the client on its behalf), under consent or contract.</param>
/// <param name="Seal">What the value's seal is bound to, beside its owner; null for a value in clear.</param>
internal sealed record PersonColumnReader(string Name, bool Provided, string? Seal)
{
    // Whose row it is, which hides it, and which version: they say nothing about the person.
    private static readonly HashSet<string> Own = new(StringComparer.Ordinal)
    {
        "tenant_id",
        "person_tenant_id",
        "restrict_time",
        "xmin",
    };

    public static PersonColumnReader[] Of(IModel model, PersonRows rows)
    {
        var table = model
            .GetEntityTypes()
            .Single(e => string.Equals(e.GetTableName(), rows.Table, StringComparison.Ordinal));
        return
        [
            .. table
                .GetFlattenedProperties()
                .Where(p => !Own.Contains(p.GetColumnName()) && Class(p) is not ColumnClass.Secret)
                .Where(p => rows.Columns?.Contains(p.GetColumnName()) ?? true)
                .Select(p => Of(p, rows))
                .OrderBy(c => c.Name, StringComparer.Ordinal),
        ];
    }

    public static ColumnClass? Class(IReadOnlyProperty property) =>
        property.FindAnnotation(ColumnClass.Annotation)?.Value as ColumnClass;

    /// <summary>Whether the person takes such a value along (GDPR art. 20).</summary>
    public static bool IsProvided(ColumnClass? column) =>
        column
            is ColumnClass.Personal
            {
                Source: DataSource.Person or DataSource.Client,
                Basis: LegalBasis.Consent or LegalBasis.Contract,
            };

    public PersonalValue Read(NpgsqlDataReader reader, int ordinal, DataKey key, int ownerOrdinal)
    {
        if (reader.IsDBNull(ordinal))
        {
            return new PersonalValue(Name, null, Provided);
        }

        if (Seal is null)
        {
            return new PersonalValue(Name, reader.GetValue(ordinal), Provided);
        }

        // What was destroyed on purpose left an empty value.
        var value = reader.GetFieldValue<byte[]>(ordinal);
        var text = value.Length == 0 ? null : key.DecryptText(value, Seal, reader.GetGuid(ownerOrdinal));
        return new PersonalValue(Name, text, Provided);
    }

    private static PersonColumnReader Of(IProperty property, PersonRows rows)
    {
        var name = property.GetColumnName();
        var isSealed = property.ClrType == typeof(byte[]);
        return isSealed && !rows.Seals.ContainsKey(name)
            ? throw new InvalidOperationException($"Nobody says how {rows.Table}.{name} is sealed.")
            : new PersonColumnReader(name, IsProvided(Class(property)), isSealed ? rows.Seals[name] : null);
    }
}
