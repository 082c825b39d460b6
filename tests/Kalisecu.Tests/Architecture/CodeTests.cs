using System.Reflection;
using Kalisecu.Persistence;
using Microsoft.Extensions.Logging;

namespace Kalisecu.Tests.Architecture;

/// <summary>What holds for all code, whoever adds some.</summary>
public sealed class CodeTests
{
    private static readonly Assembly Platform = typeof(KalisecuDb).Assembly;

    [Fact]
    public void Every_log_message_has_a_number_of_its_own()
    {
        var numbers = Platform
            .GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()?.EventId)
            .OfType<int>()
            .ToList();

        Assert.NotEmpty(numbers);
        Assert.Empty(numbers.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Fact]
    public void The_agent_never_references_the_platform() =>
        Assert.DoesNotContain(
            Assembly.Load("kalisecu-agent").GetReferencedAssemblies(),
            a => a.Name is "Kalisecu" or "Kalisecu.Server"
        );

    [Fact]
    public void Foundations_know_no_capability()
    {
        string[] foundations = ["Errors", "Keys", "Certificates"];
        var allowed = foundations.Append("Persistence").Select(f => "Kalisecu." + f).ToHashSet(StringComparer.Ordinal);
        var wrong = Platform
            .GetTypes()
            .Where(t => foundations.Any(f => string.Equals(t.Namespace, "Kalisecu." + f, StringComparison.Ordinal)))
            .SelectMany(t => Members(t).Select(m => (Type: t, Uses: m)))
            .Where(p => p.Uses.Assembly.Equals(Platform) && !allowed.Contains(p.Uses.Namespace ?? ""))
            .Select(p => $"{p.Type} uses {p.Uses}");

        Assert.Empty(wrong);
    }

    private static IEnumerable<Type> Members(Type type)
    {
        const BindingFlags all =
            BindingFlags.Instance
            | BindingFlags.Static
            | BindingFlags.Public
            | BindingFlags.NonPublic
            | BindingFlags.DeclaredOnly;
        return type.GetFields(all)
            .Select(f => f.FieldType)
            .Concat(type.GetMethods(all).SelectMany(m => m.GetParameters().Select(p => p.ParameterType)))
            .Concat(type.GetConstructors(all).SelectMany(c => c.GetParameters().Select(p => p.ParameterType)));
    }
}
