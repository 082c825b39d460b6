using Google.Protobuf.Reflection;
using Kalisecu.Tenancy;

namespace Kalisecu.Access;

/// <summary>
/// Who may call what, as the contract itself says: read from the descriptors once, at start. A method without a rule stops
/// the start; there is no default.
/// </summary>
internal sealed class AccessRules
{
    private readonly Dictionary<string, AccessRule> _rules = new(StringComparer.Ordinal);

    public AccessRules(IEnumerable<ServiceDescriptor> services)
    {
        foreach (var method in services.SelectMany(s => s.Methods))
        {
            var path = $"/{method.Service.FullName}/{method.Name}";
            _rules.Add(path, AccessRule.Read(path, method.GetOptions()?.GetExtension(V1.AccessExtensions.Rule)));
        }

        foreach (var path in InfrastructureMethods.All)
        {
            _rules.Add(path, AccessRule.Infrastructure(path));
        }
    }

    public IReadOnlyDictionary<string, AccessRule> All => _rules;

    /// <summary>The rule of a method such as <c>/kalisecu.findings.v1.FindingService/GetFinding</c>.</summary>
    public AccessRule For(string method) =>
        _rules.TryGetValue(method, out var rule)
            ? rule
            : throw new InvalidOperationException($"{method} has no access rule.");

    /// <summary>Refuses to start with a method that nobody wrote a rule for.</summary>
    public void RequireRulesFor(IEnumerable<string> mappedMethods)
    {
        var without = mappedMethods.Where(m => !_rules.ContainsKey(m)).Order(StringComparer.Ordinal).ToList();
        if (without.Count > 0)
        {
            throw new InvalidOperationException("No access rule for: " + string.Join(", ", without));
        }
    }
}

/// <summary>Health and reflection carry no options of ours: any holder of one of our certificates may ask them.</summary>
internal static class InfrastructureMethods
{
    public static readonly IReadOnlyList<string> All =
    [
        "/grpc.health.v1.Health/Check",
        "/grpc.health.v1.Health/Watch",
        "/grpc.health.v1.Health/List",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    ];
}
