using System.Globalization;
using System.Security.Cryptography;

namespace Kalisecu.Jobs;

/// <summary>This process among all workers; never the same again, not even for a container that keeps its name and number.</summary>
internal sealed class JobHost
{
    public string Name { get; } =
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.MachineName}-{Environment.ProcessId}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}"
        );
}
