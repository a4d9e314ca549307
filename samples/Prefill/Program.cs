Console.WriteLine("Prefill");
