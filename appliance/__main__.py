"""python -m appliance"""

from appliance.cli.app import main

if __name__ == "__main__":
    main()
