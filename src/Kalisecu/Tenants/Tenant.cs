using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>What a client bought.</summary>
internal enum Plan
{
    Audit,
    Surveillance,
    Pilot,
}

/// <summary>Language of what the tenant's members read.</summary>
internal enum Language
{
    Fr,
    En,
}

internal enum TenantState
{
    Open,
    Closed,
}

/// <summary>A client company.</summary>
internal sealed class Tenant
{
    private Tenant() { }

    public Guid TenantId { get; private init; }

    public string DisplayName { get; private set; } = "";

    public string Slug { get; private init; } = "";

    public string? Siren { get; private set; }

    public Plan Plan { get; private set; }

    public Language Language { get; private set; }

    public TenantState State { get; private set; }

    public Instant CreateTime { get; private init; }

    public Instant? CloseTime { get; private set; }

    /// <summary>When everything of a closed tenant was deleted and its key destroyed.</summary>
    public Instant? ForgetTime { get; private init; }

    public uint Version { get; private set; }

    public static Tenant Create(TenantDraft draft, Instant now) =>
        new()
        {
            TenantId = Ids.New(now),
            DisplayName = draft.DisplayName,
            Slug = draft.Slug,
            Siren = draft.Siren,
            Plan = draft.Plan,
            Language = draft.Language,
            State = TenantState.Open,
            CreateTime = Moment.Stored(now),
        };

    public void Change(TenantChange change)
    {
        RequireOpen();
        DisplayName = change.DisplayName ?? DisplayName;
        Siren = change.ChangesSiren ? change.Siren : Siren;
        Plan = change.Plan ?? Plan;
        Language = change.Language ?? Language;
    }

    /// <summary>Starts the retention; nothing is deleted now.</summary>
    public void Close(Instant now)
    {
        RequireOpen();
        State = TenantState.Closed;
        CloseTime = Moment.Stored(now);
    }

    public void RequireOpen()
    {
        if (State == TenantState.Closed)
        {
            throw TenantErrors.Closed(TenantId);
        }
    }
}
