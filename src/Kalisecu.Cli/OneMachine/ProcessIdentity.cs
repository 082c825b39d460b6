using System.Globalization;

namespace Kalisecu.Cli.OneMachine;

/// <summary>A process told apart from a later one that got the same number.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="StartTicks">When it started, in clock ticks since the machine did.</param>
internal sealed record ProcessIdentity(int Pid, long StartTicks)
{
    public bool IsAlive => StartOf(Pid) == StartTicks;

    public static ProcessIdentity? Of(int pid) => StartOf(pid) is { } start ? new ProcessIdentity(pid, start) : null;

    // proc(5): field 22 of stat; the second field is a name in brackets that may hold spaces and brackets itself.
    private static long? StartOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

            // A zombie is over; only its parent has not asked yet.
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
