using Kalisecu.Errors;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;

namespace Kalisecu.Accounts;

/// <summary>A proposed account, known to be valid.</summary>
internal sealed record StaffDraft(string Email, string DisplayName, StaffRole Role)
{
    // RFC 5321 section 4.5.3.1.3: a path has 256 octets, two of them its brackets.
    public const int EmailMinimum = 3;
    public const int EmailMaximum = 254;
}

/// <summary>A change of an account: null leaves as it is.</summary>
internal sealed record StaffChange(Guid AccountId, string? DisplayName, StaffRole? Role, uint? Version);

/// <summary>Wire to domain and back; names are sealed here, so that clear text goes no further than the request.</summary>
internal sealed class StaffAccountProto(KeyRing keys)
{
    private const string EmailColumn = "staff_accounts.email";
    private const string DisplayNameColumn = "staff_accounts.display_name";
    private const string SuspendReasonColumn = "staff_accounts.suspend_reason";

    /// <summary>What the seals of the table's columns are bound to.</summary>
    public static IReadOnlyDictionary<string, string> Seals { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["email"] = EmailColumn,
            ["display_name"] = DisplayNameColumn,
            ["suspend_reason"] = SuspendReasonColumn,
        };

    public static StaffDraft Read(V1.CreateStaffRequest request)
    {
        var violations = new Violations();
        var email = Fields.Text(request.Email, "email", StaffDraft.EmailMinimum, StaffDraft.EmailMaximum, violations);
        violations.Check(
            email.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
                && at < email.Length - 1
                && !email.Contains(' ', StringComparison.Ordinal),
            "email",
            "must be an e-mail address"
        );
        var draft = new StaffDraft(email, Name(request.DisplayName, violations), ReadRole(request.Role, violations));
        violations.ThrowIfAny();
        return draft;
    }

    public static StaffChange Read(V1.UpdateStaffRequest request)
    {
        var violations = new Violations();
        var id = Fields.Id(request.AccountId, "account_id", violations);
        var paths = request.UpdateMask?.Paths.ToHashSet(StringComparer.Ordinal) ?? [];
        violations.Check(
            paths.Count > 0 && paths.IsSubsetOf(["display_name", "role"]),
            "update_mask",
            "must name display_name, role or both"
        );
        var change = new StaffChange(
            id,
            paths.Contains("display_name") ? Name(request.DisplayName, violations) : null,
            paths.Contains("role") ? ReadRole(request.Role, violations) : null,
            ReadEtag(request.Etag, violations)
        );
        violations.ThrowIfAny();
        return change;
    }

    public static (Guid AccountId, string Reason) Read(V1.SuspendStaffRequest request)
    {
        var violations = new Violations();
        var id = Fields.Id(request.AccountId, "account_id", violations);
        var reason = Fields.Text(request.Reason, "reason", 1, 500, violations);
        violations.ThrowIfAny();
        return (id, reason);
    }

    public static Guid ReadId(string accountId)
    {
        var violations = new Violations();
        var id = Fields.Id(accountId, "account_id", violations);
        violations.ThrowIfAny();
        return id;
    }

    public static IReadOnlyList<StaffState> ReadStates(IEnumerable<V1.AccountState> states, Violations violations)
    {
        var read = new List<StaffState>();
        foreach (var state in states)
        {
            StaffState? known = state switch
            {
                V1.AccountState.Invited => StaffState.Invited,
                V1.AccountState.Active => StaffState.Active,
                V1.AccountState.Suspended => StaffState.Suspended,
                _ => null,
            };
            if (violations.Check(known is not null, "states", "must name known states"))
            {
                read.Add(known!.Value);
            }
        }

        return read;
    }

    public V1.StaffAccount Write(StaffAccount account, SignInFacts? facts, uint version) =>
        new()
        {
            AccountId = account.AccountId.ToString("D"),
            Email = OpenEmail(account),
            DisplayName = OpenDisplayName(account),
            Role = account.Role switch
            {
                StaffRole.Analyst => V1.StaffRole.Analyst,
                StaffRole.Administrator => V1.StaffRole.Administrator,
                StaffRole.Dpo => V1.StaffRole.Dpo,
                _ => throw new InvalidOperationException($"No such role of staff: {account.Role}."),
            },
            State = account.State switch
            {
                StaffState.Invited => V1.AccountState.Invited,
                StaffState.Active => V1.AccountState.Active,
                StaffState.Suspended => V1.AccountState.Suspended,
                _ => throw new InvalidOperationException($"No such state of an account: {account.State}."),
            },
            CreateTime = Fields.Write(account.CreateTime),
            SignInTime = facts?.SignInTime is { } signIn ? Fields.Write(signIn) : null,
            SuspendTime = account.SuspendTime is { } suspend ? Fields.Write(suspend) : null,
            Etag = Persistence.Etag.Write(version),
        };

    public string OpenEmail(StaffAccount account) =>
        keys.For(TenantScope.Platform).DecryptText(account.Email, EmailColumn, account.AccountId);

    public string OpenDisplayName(StaffAccount account) =>
        keys.For(TenantScope.Platform).DecryptText(account.DisplayName, DisplayNameColumn, account.AccountId);

    public byte[] SealEmail(string email, Guid accountId) =>
        keys.For(TenantScope.Platform).EncryptText(email, EmailColumn, accountId);

    public byte[] SealDisplayName(string name, Guid accountId) =>
        keys.For(TenantScope.Platform).EncryptText(name, DisplayNameColumn, accountId);

    public byte[] SealReason(string reason, Guid accountId) =>
        keys.For(TenantScope.Platform).EncryptText(reason, SuspendReasonColumn, accountId);

    private static string Name(string value, Violations violations) =>
        Fields.Line(value, "display_name", 1, 100, violations);

    private static StaffRole ReadRole(V1.StaffRole role, Violations violations)
    {
        StaffRole? known = role switch
        {
            V1.StaffRole.Analyst => StaffRole.Analyst,
            V1.StaffRole.Administrator => StaffRole.Administrator,
            V1.StaffRole.Dpo => StaffRole.Dpo,
            _ => null,
        };
        violations.Check(known is not null, "role", "must be a known role");
        return known ?? StaffRole.Analyst;
    }

    private static uint? ReadEtag(string etag, Violations violations)
    {
        if (etag.Length == 0)
        {
            return null;
        }

        var known = uint.TryParse(etag, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var version);
        violations.Check(known, "etag", "must be an etag as it was read");
        return version;
    }
}
