namespace Kalisecu.Jobs;

/// <summary>
/// Works through whatever waits, batch by batch: each claims its rows in a transaction of its own, and one that is not full is
/// the last.
/// </summary>
internal static class ClaimedBatches
{
    /// <summary>Works until a batch is not full.</summary>
    /// <param name="size">How many rows a batch claims at most.</param>
    /// <param name="work">Claims and works; says how many it claimed, and how much came of them.</param>
    /// <returns>How much came of all.</returns>
    public static async Task<int> RunAsync(int size, Func<Task<(int Claimed, int Done)>> work)
    {
        var count = 0;
        while (true)
        {
            var (claimed, done) = await work();
            count += done;
            if (claimed < size)
            {
                return count;
            }
        }
    }
}
