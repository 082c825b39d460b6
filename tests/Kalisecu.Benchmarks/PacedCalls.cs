using System.Diagnostics;

namespace Kalisecu.Benchmarks;

/// <summary>Calls at a steady pace, whatever the answers take: few enough that what is measured is not their own queue.</summary>
internal static class PacedCalls
{
    // 200 a second: about a tenth of what the machine can.
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(5);

    /// <summary>Calls until some work is done; once at least.</summary>
    /// <returns>What each call took, in milliseconds, the fastest first.</returns>
    public static async Task<IReadOnlyList<double>> WhileAsync(
        Func<Task> call,
        Task work,
        CancellationToken cancellationToken
    )
    {
        using var pace = new PeriodicTimer(Every);
        var calls = new List<Task<double>>();
        do
        {
            calls.Add(TimeAsync(call));
        } while (await pace.WaitForNextTickAsync(cancellationToken) && !work.IsCompleted);

        await work;
        var times = await Task.WhenAll(calls);
        Array.Sort(times);
        return times;
    }

    /// <summary>What all but this share of the calls took at most.</summary>
    public static double Percentile(IReadOnlyList<double> sorted, double share) =>
        sorted[(int)Math.Ceiling(share * sorted.Count) - 1];

    private static async Task<double> TimeAsync(Func<Task> call)
    {
        var start = Stopwatch.GetTimestamp();
        await call();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
