using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;

namespace Kalisecu.Persistence;

/// <summary>What a column holds, as the law sees it. Written where the column is mapped; read by exports, erasure,
/// the register of processing, log redaction and the retention rules' coverage.</summary>
internal abstract record ColumnClass
{
    public const string Annotation = "Kalisecu:ColumnClass";

    /// <summary>Says nothing about a person.</summary>
    internal sealed record NotPersonal : ColumnClass;

    /// <summary>Never leaves the server: hashes, wrapped keys, one-time tokens.</summary>
    internal sealed record Secret : ColumnClass;

    /// <summary>Personal data in the sense of GDPR art. 4(1).</summary>
    internal sealed record Personal(
        PersonKind Person,
        DataCategory Category,
        Purpose Purpose,
        LegalBasis Basis,
        DataSource Source,
        RetentionRule Retention
    ) : ColumnClass;
}

/// <summary>Whose data it is.</summary>
internal enum PersonKind
{
    Member,
    Staff,
    Prospect,
    Contact,
}

/// <summary>The categories of data of the register of processing (GDPR art. 30(1)(c)).</summary>
internal enum DataCategory
{
    Identity,
    Contact,
    Professional,
    Credentials,
    Connection,
    Activity,
}

/// <summary>Clause DATA-4.</summary>
internal enum Purpose
{
    Service,
    Invoicing,
    Communication,
    Support,
    Improvement,
    Security,
}

/// <summary>Clause DATA-5: GDPR art. 6(1)(b), (c) and (f); and (a), where somebody was asked.</summary>
internal enum LegalBasis
{
    Consent,
    Contract,
    LegalObligation,
    LegitimateInterest,
}

/// <summary>Where it came from (GDPR art. 15(1)(g)).</summary>
internal enum DataSource
{
    Person,
    Client,
    Staff,
    System,
}

/// <summary>The clause that ends it.</summary>
internal enum RetentionRule
{
    /// <summary>RET-2: as long as the contract runs.</summary>
    Contract,

    /// <summary>RET-3: twelve months after the end of the subscription.</summary>
    TechnicalData,

    /// <summary>RET-5: twelve months at most.</summary>
    Logs,

    /// <summary>RET-1: three years from the last contact that came from the prospect.</summary>
    Prospect,

    /// <summary>RET-4: ten years from the close of the financial year.</summary>
    Invoices,

    /// <summary>What proves that a duty was kept, without content of logs: five years from its end (civil limitation,
    /// Civil Code art. 2224).</summary>
    Proof,

    /// <summary>As long as the person works for Kalisecu, and then as RET-5.</summary>
    Employment,
}

internal static class ColumnClasses
{
    /// <summary>The property behind <c>restrict_time</c> of entities that do not show it.</summary>
    public const string RestrictTime = "RestrictTime";

    public static PropertyBuilder<T> IsNotPersonal<T>(this PropertyBuilder<T> column) =>
        column.Is(new ColumnClass.NotPersonal());

    public static PropertyBuilder<T> IsSecret<T>(this PropertyBuilder<T> column) => column.Is(new ColumnClass.Secret());

    public static PropertyBuilder<T> IsPersonal<T>(
        this PropertyBuilder<T> column,
        PersonKind person,
        DataCategory category,
        Purpose purpose,
        LegalBasis basis,
        DataSource source,
        RetentionRule retention
    ) => column.Is(new ColumnClass.Personal(person, category, purpose, basis, source, retention));

    /// <summary>
    /// Adds <c>restrict_time</c>: rows that have it are hidden by a policy of their table (GDPR art. 18), whoever reads. The
    /// entity does not know it; where an entity shows it, it is mapped like any other.
    /// </summary>
    public static void CanBeRestricted<T>(this EntityTypeBuilder<T> table)
        where T : class => table.Property<Instant?>(RestrictTime).HasColumnName("restrict_time").IsNotPersonal();

    /// <summary>Marks every column that was not classified by name; for tables that hold nothing about persons.</summary>
    public static void OthersAreNotPersonal<T>(this EntityTypeBuilder<T> table)
        where T : class => OthersAreNotPersonal(table.Metadata);

    /// <summary>The same for the columns of a part of an entity.</summary>
    public static void OthersAreNotPersonal<T>(this ComplexPropertyBuilder<T> part)
        where T : notnull => OthersAreNotPersonal(part.Metadata.ComplexType);

    private static void OthersAreNotPersonal(IMutableTypeBase columns)
    {
        foreach (var property in columns.GetProperties())
        {
            if (property.FindAnnotation(ColumnClass.Annotation) is null)
            {
                property.SetAnnotation(ColumnClass.Annotation, new ColumnClass.NotPersonal());
            }
        }
    }

    private static PropertyBuilder<T> Is<T>(this PropertyBuilder<T> column, ColumnClass value)
    {
        column.HasAnnotation(ColumnClass.Annotation, value);
        return column;
    }
}
