using Kalisecu.Compliance;
using Kalisecu.Persistence;
using Kalisecu.TestKit;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Tests.Architecture;

/// <summary>
/// The walls between the folders of the platform, as its compiled code keeps them: what a type names in a signature, a body
/// or a closure counts.
/// </summary>
public sealed class WallTests
{
    private const string Root = "Kalisecu.";

    /// <summary>What every capability stands on.</summary>
    private static readonly string[] Foundations =
    [
        "Certificates",
        "Errors",
        "Evidence",
        "Keys",
        "Objects",
        "Persistence",
        "Tenancy",
        "Time",
    ];

    // Doors in the wall between tables: who reads another's rows as they are, because what it does is about them. Whoever
    // adds one says here what it is good for; an operation of the owner is the better way.
    private static readonly (string Folder, string Entity)[] Doors =
    [
        // The outbox is one capability in three folders: what is written, with which words, and how it leaves.
        ("Deliveries", "Outbox.Letter"),
        ("Letters", "Outbox.Letter"),
        // Lists what became of the letters that it had written.
        ("Policies", "Outbox.Letter"),
        ("PrivacyRequests", "Outbox.Letter"),
        ("Rights", "Outbox.Letter"),
        // Kinds of persons that a directory keeps for them.
        ("Accounts", "Persons.RegisteredPerson"),
        ("Tenants", "Persons.RegisteredPerson"),
        // Whom a breach affects is found over everybody, and told by letter.
        ("Breaches", "Outbox.Letter"),
        ("Breaches", "Persons.RegisteredPerson"),
        ("Breaches", "Tenants.Member"),
        // A client's data goes when its contract ended long enough ago, and its administrators are told before.
        ("Retention", "Persons.RegisteredPerson"),
        ("Retention", "Tenants.Member"),
        ("Retention", "Tenants.Tenant"),
        // One statement finds everybody who has to be told of a new policy.
        ("Policies", "Persons.RegisteredPerson"),
        ("Policies", "Tenants.Member"),
        ("Policies", "Tenants.Tenant"),
        // The executing half of privacy requests, and what it puts before the person.
        ("Rights", "Compliance.Processor"),
        ("Rights", "Consent.ConsentEvent"),
        ("Rights", "Consent.PurposeVersion"),
        ("Rights", "PrivacyRequests.PrivacyRequest"),
        ("Rights", "PrivacyRequests.RequestedRight"),
        ("Rights", "PrivacyRequests.RequestSubject"),
        ("Rights", "Retention.LegalHold"),
        // What is leased is a scan; what is scanned is a site.
        ("Agents", "Scans.Scan"),
        ("Scans", "Tenants.Site"),
    ];

    // Reading the whole platform takes some seconds: once for all walls.
    private static readonly IReadOnlyList<Use> Uses = Read();

    /// <summary>Rows of a table, by its *Table class.</summary>
    private static readonly HashSet<string> Entities = Names(EntityOf);

    // A check judges what stands beside it, tables of others too: it is Compliance's eye there.
    private static readonly HashSet<string> Checks = Names(t => t.IsAssignableTo(typeof(IClauseCheck)) ? t : null);

    [Fact]
    public void Foundations_know_no_capability() =>
        Assert.DoesNotContain(
            Code().Where(u => Foundations.Contains(u.Folder) && u.UsedFolder.Length > 0),
            u => !Foundations.Contains(u.UsedFolder)
        );

    [Fact]
    public void Capabilities_depend_on_each_other_in_no_circle()
    {
        var capabilities = Code()
            .Where(u => IsCapability(u.Folder) && IsCapability(u.UsedFolder) && u.LeavesItsFolder)
            .ToLookup(u => u.Folder, u => u.UsedFolder, StringComparer.Ordinal);

        Assert.NotEmpty(capabilities);
        Assert.Equal("", CircleIn(capabilities));
    }

    [Fact]
    public void A_circle_would_be_seen()
    {
        (string From, string To)[] uses = [("A", "B"), ("B", "C"), ("D", "A"), ("C", "B")];

        Assert.Equal("B > C > B", CircleIn(uses.ToLookup(u => u.From, u => u.To, StringComparer.Ordinal)));
    }

    [Fact]
    public void No_capability_reaches_into_the_tables_of_another()
    {
        var reaching = Code()
            .Where(u => Entities.Contains(u.Used) && IsCapability(u.Folder) && u.LeavesItsFolder)
            .Where(u => IsCapability(u.UsedFolder))
            .ToList();

        Assert.DoesNotContain(reaching, u => !Doors.Contains((u.Folder, u.Used[Root.Length..])));
        Assert.DoesNotContain(Doors, d => !reaching.Exists(u => (u.Folder, u.Used[Root.Length..]) == d));
    }

    [Fact]
    public void The_rules_of_an_entity_know_neither_the_mapper_nor_the_wire()
    {
        string[] outside = ["Microsoft.EntityFrameworkCore.", "Npgsql.", "Grpc.", "Google."];
        var ofEntities = Uses.Where(u => Entities.Contains(u.Type)).ToList();

        Assert.NotEmpty(ofEntities);
        Assert.DoesNotContain(
            ofEntities,
            u => u.IsOnWire || outside.Any(o => u.Used.StartsWith(o, StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Time_is_pure()
    {
        string[] known = ["System.", "NodaTime.", "Kalisecu.Time."];
        var ofTime = Uses.Where(u => u.Folder is "Time").ToList();

        Assert.NotEmpty(ofTime);
        Assert.DoesNotContain(ofTime, u => !known.Any(k => u.Used.StartsWith(k, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_worker_holds_its_program_and_whose_jobs_it_offers_and_no_rules()
    {
        var workers = Directory.GetDirectories(Path.Combine(Programs.RepositoryRoot, "workers"));

        Assert.NotEmpty(workers);
        Assert.All(
            workers,
            worker =>
                Assert.Equal(
                    ["Modules.cs", "Program.cs"],
                    Directory.GetFiles(worker, "*.cs", SearchOption.AllDirectories).Select(Path.GetFileName).Order()
                )
        );
    }

    // Modules put together, checks look everywhere: neither is code of its folder alone.
    private static IEnumerable<Use> Code() =>
        Uses.Where(u =>
            !Checks.Contains(u.Type)
            && !Checks.Contains(u.Used)
            && !u.Type.EndsWith("Module", StringComparison.Ordinal)
            && !u.Type.EndsWith("Modules", StringComparison.Ordinal)
        );

    private static bool IsCapability(string folder) =>
        folder.Length > 0 && folder is not "Hosting" && !Foundations.Contains(folder);

    /// <summary>One circle, as a path; empty when there is none.</summary>
    private static string CircleIn(ILookup<string, string> uses)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        return uses.Select(u => From(u.Key, [])).FirstOrDefault(circle => circle.Length > 0, "");

        string From(string folder, List<string> path)
        {
            if (path.IndexOf(folder) is >= 0 and var start)
            {
                return string.Join(" > ", path[start..].Append(folder));
            }

            if (!done.Add(folder))
            {
                return "";
            }

            path.Add(folder);
            var circle = uses[folder].Select(next => From(next, path)).FirstOrDefault(c => c.Length > 0, "");
            path.RemoveAt(path.Count - 1);
            return circle;
        }
    }

    private static List<Use> Read() =>
        [
            .. new ArchUnitNET.Loader.ArchLoader()
                .LoadAssemblies(typeof(KalisecuDb).Assembly)
                .Build()
                .Types.SelectMany(t => t.Dependencies.Select(d => new Use(Outer(t.FullName), Outer(d.Target.FullName))))
                .Where(u => u.Folder.Length > 0)
                .Distinct(),
        ];

    private static HashSet<string> Names(Func<Type, Type?> choose) =>
        [.. typeof(KalisecuDb).Assembly.GetTypes().Select(choose).OfType<Type>().Select(t => t.FullName!)];

    private static Type? EntityOf(Type table) =>
        table
            .GetInterfaces()
            .FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEntityTypeConfiguration<>))
            ?.GetGenericArguments()[0];

    // Closures and state machines are their type's own code.
    private static string Outer(string name) => name.Split('+', '/', '<')[0];

    /// <summary>One type names another.</summary>
    private sealed record Use(string Type, string Used)
    {
        public string Folder => FolderOf(Type);

        /// <summary>Empty: none of the platform's.</summary>
        public string UsedFolder => FolderOf(Used);

        public bool LeavesItsFolder => !string.Equals(Folder, UsedFolder, StringComparison.Ordinal);

        public bool IsOnWire =>
            Used.StartsWith(Root, StringComparison.Ordinal) && Used.Contains(".V1.", StringComparison.Ordinal);

        public override string ToString() => $"{Type} uses {Used}";

        private static string FolderOf(string type) =>
            type.StartsWith(Root, StringComparison.Ordinal) && type[Root.Length..].Split('.') is [var folder, _]
                ? folder
                : "";
    }
}
