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
}
