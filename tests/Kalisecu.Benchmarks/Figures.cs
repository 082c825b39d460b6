namespace Kalisecu.Benchmarks;

/// <summary>Figures of several rounds as people read them.</summary>
internal static class Figures
{
    /// <summary><c>median (lowest–highest)</c></summary>
    public static string Median(IEnumerable<double> values, string format)
    {
        var sorted = values.Order().ToList();
        return $"{sorted[sorted.Count / 2].ToString(format)} ({sorted[0].ToString(format)}–{sorted[^1].ToString(format)})";
    }
}
