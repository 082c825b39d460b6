using Kalisecu.Server;

return await ServerProgram.RunAsync(args);
